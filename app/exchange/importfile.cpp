#include "exchange/importfile.h"

#include "exchange/taskfile.h"
#include "guardian/apiroot.h"
#include "task/jsonmember.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ImportFile)
};

/// Two results of the largest size, one of them escaped letter by letter.
constexpr qsizetype taskCap = 1024LL * 1024 * 1024;

/// Whether it is ours, and of a version that we can read. Empty if so.
QString headTrouble(QByteArrayView json)
{
    const auto format = topLevelMember(json, "format");
    const auto version = topLevelMember(json, "version");
    if (!format || *format != QByteArrayView("\"taskwatch-tasks\"") || !version)
        return Words::tr("it is no JSON export of Taskwatch");
    bool isNumber = false;
    const int number = version->toByteArray().toInt(&isNumber);
    if (!isNumber || number < 1)
        return Words::tr("it is no JSON export of Taskwatch");
    return number > TaskFile::version ? Words::tr("it is of a newer Taskwatch") : QString();
}

tl::expected<ImportedTasks, QString> readTasks(QByteArrayView json, const NamedServers &servers)
{
    if (const QString trouble = headTrouble(json); !trouble.isEmpty())
        return tl::unexpected(trouble);
    const auto list = topLevelMember(json, "tasks");
    const auto elements = list ? JsonText::elements(*list) : std::nullopt;
    if (!elements)
        return tl::unexpected(Words::tr("it is not whole"));
    ImportedTasks imported;
    for (std::size_t i = 0; i < elements->size(); ++i) {
        const QByteArrayView text = (*elements)[i];
        const auto wrong = [i](const QString &what) {
            return tl::unexpected(Words::tr("task %1: %2").arg(QString::number(i + 1), what));
        };
        if (text.size() > taskCap || JsonText::isDeeperThan(text, JsonText::maxDepth))
            return wrong(Words::tr("it is too large"));
        QJsonParseError error;
        const QJsonObject object =
            QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), text.size()), &error)
                .object();
        if (error.error != QJsonParseError::NoError)
            return wrong(error.errorString());
        auto record = TaskFile::record(object);
        if (!record)
            return wrong(record.error());
        const ApiRoot root(TaskFile::serverOf(object));
        const auto own =
            std::find_if(servers.cbegin(), servers.cend(), [&root](const NamedServer &each) {
                return ApiRoot(each.apiRoot) == root;
            });
        if (own == servers.cend()) {
            ++imported.leftOut[root.url().toDisplayString(QUrl::RemoveUserInfo)];
            continue;
        }
        record->key.server = own.key();
        imported.records.append(*std::move(record));
    }
    return imported;
}

} // namespace

tl::expected<ImportedTasks, QString> readExport(const QString &path, const NamedServers &servers)
{
    const auto failure = [&path](const QString &cause) {
        return tl::unexpected(
            Words::tr("%1 cannot be imported: %2.").arg(QDir::toNativeSeparators(path), cause));
    };
    // A pipe would be waited for, perhaps by the window, and for ever.
    if (const QFileInfo info(path); info.exists() && !info.isFile())
        return failure(Words::tr("it is no regular file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(file.errorString());
    const qint64 size = file.size();
    // Mapped: it may be larger than what we like to hold.
    const uchar *const bytes = size > 0 ? file.map(0, size) : nullptr;
    if (!bytes)
        return failure(size > 0 ? file.errorString() : Words::tr("it is empty"));
    auto tasks = readTasks(QByteArrayView(bytes, size), servers);
    if (!tasks)
        return failure(tasks.error());
    return tasks;
}

QString importedWords(const ImportedTasks &imported, qsizetype fresh)
{
    const auto added = static_cast<int>(fresh);
    const auto known = static_cast<int>(imported.records.size() - fresh);
    QStringList words{added == 1 ? Words::tr("Imported 1 task.")
                                 : Words::tr("Imported %n tasks.", nullptr, added)};
    if (known > 0)
        words += known == 1
                     ? Words::tr("1 was here already and stays as it is.")
                     : Words::tr("%n were here already and stay as they are.", nullptr, known);
    for (auto server = imported.leftOut.cbegin(); server != imported.leftOut.cend(); ++server)
        words += server.key().isEmpty()
                     ? Words::tr("%1 that name no server were left out.")
                           .arg(QString::number(server.value()))
                     : Words::tr("%1 of %2 were left out: that server is not set up here. Add it, "
                                 "then import again.")
                           .arg(QString::number(server.value()), server.key());
    return words.join(u' ');
}
