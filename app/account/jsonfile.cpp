#include "account/jsonfile.h"

#include "base/clock.h"
#include "base/privatefile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace {
constexpr auto versionKey = "version"_L1;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(JsonFile)
};
} // namespace

JsonFile::JsonFile(QString path, int version, const Clock &clock, Damaged damaged)
    : m_path(std::move(path))
    , m_version(version)
    , m_clock(clock)
    , m_damaged(damaged)
{
}

tl::expected<JsonFile::Content, QString> JsonFile::read()
{
    m_readOnly.clear();
    if (!QFileInfo::exists(m_path))
        return Content{{}, m_version};
    const auto bytes = PrivateFile::read(m_path);
    if (!bytes) {
        m_readOnly = bytes.error();
        return tl::unexpected(m_readOnly);
    }
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    const QJsonValue version = document.object().value(versionKey);
    if (!document.isObject() || !(version.isUndefined() || version.toInt(-1) >= 0))
        return tl::unexpected(setAside());
    if (version.toInt() > m_version) {
        m_readOnly = Words::tr("%1 was written by a newer Taskwatch. It is left as it "
                               "is: use that version, or move the file away.")
                         .arg(QDir::toNativeSeparators(m_path));
        return tl::unexpected(m_readOnly);
    }
    return Content{document.object(), version.toInt()};
}

tl::expected<void, QString> JsonFile::write(QJsonObject object)
{
    if (!m_readOnly.isEmpty())
        return tl::unexpected(m_readOnly);
    object.insert(versionKey, m_version);
    return PrivateFile::write(m_path, QJsonDocument(object).toJson());
}

QString JsonFile::setAside()
{
    if (m_damaged == Damaged::Leave) {
        m_readOnly =
            Words::tr("%1 is damaged. It is left as it is: start Taskwatch's window, which "
                      "keeps it under another name and begins a new one.")
                .arg(QDir::toNativeSeparators(m_path));
        return m_readOnly;
    }
    const auto aside = PrivateFile::setAside(m_path, m_clock.now().wall);
    if (!aside) {
        m_readOnly = aside.error();
        return m_readOnly;
    }
    return Words::tr("%1 is damaged. It was kept as %2, and a new one is begun.")
        .arg(QDir::toNativeSeparators(m_path), QFileInfo(*aside).fileName());
}
