#include "intake/intakeplan.h"

#include "task/taskintake.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QStringDecoder>
#include <QUrl>

#include <algorithm>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Intake)
};

constexpr qint64 fileLimit = 1024 * 1024;

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == QLatin1String("http") ? 80 : 443);
}

bool isSameSite(const QUrl &a, const QUrl &b)
{
    return a.host() == b.host() && portOf(a) == portOf(b);
}

QString hostText(const QUrl &origin)
{
    return origin.port() < 0 ? origin.host()
                             : QStringLiteral("%1:%2").arg(origin.host()).arg(origin.port());
}

} // namespace

qsizetype IntakePlan::count(IntakeRow::Kind kind) const
{
    return std::count_if(rows.begin(), rows.end(),
                         [kind](const IntakeRow &row) { return row.kind == kind; });
}

IntakePlan planIntake(const QString &text, const ShownServers &servers,
                      const std::function<bool(const TaskKey &)> &isTracked)
{
    const Intake intake = findTaskIds(text);
    IntakePlan plan;
    plan.rejected = intake.rejected;
    plan.remark = intake.remark;
    plan.rows.reserve(intake.found.size());
    for (const IntakeItem &item : intake.found) {
        IntakeRow row{IntakeRow::Kind::New, item.id, item.source, hostText(item.origin), {}};
        const bool isOurs = item.origin.isEmpty()
                            || std::any_of(servers.begin(), servers.end(), [&](const auto &server) {
                                   return isSameSite(item.origin, server.apiRoot);
                               });
        QList<ServerId> tracking;
        for (const ShownServer &server : servers) {
            if (isOurs && !item.origin.isEmpty() && !isSameSite(item.origin, server.apiRoot))
                continue;
            if (server.enabled)
                row.servers << server.id;
            if (isTracked({server.id, item.id}))
                tracking << server.id;
        }
        if (!isOurs) {
            row.kind = IntakeRow::Kind::OtherServer;
        } else if (!tracking.isEmpty()) {
            row.kind = IntakeRow::Kind::Tracked;
            row.servers = tracking;
        }
        plan.rows.append(row);
    }
    return plan;
}

QString summaryOf(const IntakePlan &plan)
{
    QStringList parts;
    if (const auto n = static_cast<int>(plan.count(IntakeRow::Kind::New)); n > 0)
        parts << (n == 1 ? Words::tr("1 new task") : Words::tr("%n new tasks", nullptr, n));
    if (const auto n = static_cast<int>(plan.count(IntakeRow::Kind::Tracked)); n > 0)
        parts << Words::tr("%n already watched", nullptr, n);
    if (const auto n = static_cast<int>(plan.count(IntakeRow::Kind::OtherServer)); n > 0)
        parts << Words::tr("%n of another server", nullptr, n);
    QString text = parts.isEmpty() ? Words::tr("There is no task ID in this text.")
                                   : parts.join(QStringLiteral(", ")) + QLatin1Char('.');
    if (const auto n = static_cast<int>(plan.rejected.size()); n > 0 && !parts.isEmpty())
        text += QLatin1Char(' ')
                + (n == 1 ? Words::tr("1 part without an ID.")
                          : Words::tr("%n parts without an ID.", nullptr, n));
    if (!plan.remark.isEmpty())
        text += QLatin1Char(' ') + plan.remark;
    return text;
}

tl::expected<QString, QString> readIntakeFile(const QString &path)
{
    const QFileInfo info(path);
    if (!info.isFile())
        return tl::unexpected(Words::tr("“%1” is not a file.").arg(info.fileName()));
    if (info.size() > fileLimit) {
        return tl::unexpected(Words::tr("“%1” is larger than 1 MiB. A list of task IDs is smaller.")
                                  .arg(info.fileName()));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return tl::unexpected(
            Words::tr("“%1” cannot be read: %2").arg(info.fileName(), file.errorString()));
    }
    const QByteArray bytes = file.read(fileLimit);
    // Editors of Windows write UTF-16; its mark at the start tells.
    QStringDecoder decoder(
        QStringConverter::encodingForData(bytes).value_or(QStringConverter::Utf8));
    return QString(decoder(bytes));
}

IntakeMime readIntakeMime(const QMimeData &data)
{
    const QList<QUrl> urls = data.urls();
    const bool hasFile =
        std::any_of(urls.cbegin(), urls.cend(), [](const QUrl &url) { return url.isLocalFile(); });
    IntakeMime read;
    if (!hasFile) // with files among them, it is their addresses
        read.texts << data.text();
    for (const QUrl &url : urls) {
        if (!url.isLocalFile()) {
            if (hasFile || !read.texts.constFirst().contains(url.toString()))
                read.texts << url.toString();
        } else if (const auto text = readIntakeFile(url.toLocalFile())) {
            read.texts << *text;
        } else {
            read.troubles << text.error();
        }
    }
    return read;
}
