#include "historysamples.h"

#include "account/folders.h"
#include "account/profilestore.h"
#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "task/secretrule.h"
#include "tasksamples.h"

using namespace Qt::StringLiterals;

bool writeHistory(const QString &dataDir, int tasks)
{
    const SystemClock clock;
    const Folders folders = Folders::below(dataDir);
    if (!folders.create())
        return false;
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = u"Production"_s;
    profile.address = u"http://127.0.0.1:9/api/v1"_s; // nobody listens there
    profile.apiRoot = QUrl(profile.address);
    ProfileStore profiles(folders.config, clock);
    (void)profiles.load();
    if (!profiles.save({profile}))
        return false;

    HistoryDatabase history(folders.data + u"/history.db"_s,
                            HistoryFunctions{&parseTaskReply, &maskSecrets});
    if (!history.open(clock.now().wall))
        return false;
    constexpr int batch = 2000;
    for (int first = 0; first < tasks; first += batch) {
        QList<HistoryChange> changes;
        for (int i = first; i < std::min(first + batch, tasks); ++i) {
            TaskRecord record;
            record.key = TaskSamples::key(profile.id, i);
            record.watchedSince = clock.now().wall.addSecs(-i % 86'400);
            record.changedAt = record.watchedSince;
            record.checkedAt = record.watchedSince;
            record.endedAt = record.watchedSince;
            record.outcome = Outcome::Completed;
            record.confirmed = true;
            auto reply = std::make_shared<ReplyData>();
            reply->httpStatus = 200;
            reply->body = uR"({"taskId":"%1","action":"Publish policy","done":true,"error":null,)"
                          uR"("result":"policy %2","steps":[{"time":"2026-05-04T09:11:02.114Z",)"
                          uR"("message":"Publish schemas"},{"time":"2026-05-04T09:14:02.114Z",)"
                          uR"("message":"Policy published"}]})"_s.arg(record.key.task.text())
                              .arg(i)
                              .toUtf8();
            if (auto snapshot = parseTaskReply(*reply))
                record.snapshot = std::make_shared<const TaskSnapshot>(*std::move(snapshot));
            record.reply = std::move(reply);
            changes << HistoryChange{record.key, false, record};
        }
        if (!history.write(changes))
            return false;
    }
    return true;
}
