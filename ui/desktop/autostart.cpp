#include "desktop/autostart.h"

#include "base/applicationid.h"
#include "base/privatefile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Autostart)
};

} // namespace

Autostart::Autostart(const QString &configHome, QStringList command)
    : m_file(configHome + u"/autostart/%1.desktop"_s.arg(applicationId))
    , m_command(std::move(command))
{
}

Autostart Autostart::ofThisProgram(const QString &dataDir)
{
    QStringList command{QCoreApplication::applicationFilePath(), u"--minimized"_s};
    if (!dataDir.isEmpty())
        command << u"--data-dir"_s << dataDir;
    return {QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation), command};
}

bool Autostart::isEnabled() const
{
    // Desktops switch an entry off by such a line instead of removing it.
    static const QRegularExpression off(
        u"^(Hidden\\s*=\\s*true|X-GNOME-Autostart-enabled\\s*=\\s*false)"_s,
        QRegularExpression::MultilineOption);
    const auto bytes = PrivateFile::read(m_file);
    return bytes && !off.match(QString::fromUtf8(*bytes)).hasMatch();
}

tl::expected<void, QString> Autostart::setEnabled(bool enabled) const
{
    if (!enabled) {
        if (!QFileInfo::exists(m_file) || QFile::remove(m_file))
            return {};
        return tl::unexpected(
            Words::tr("%1 cannot be removed.").arg(QDir::toNativeSeparators(m_file)));
    }
    QDir().mkpath(QFileInfo(m_file).path());
    QStringList command;
    for (const QString &argument : m_command)
        command << quoted(argument);
    const QString entry = u"[Desktop Entry]\n"
                          "Type=Application\n"
                          "Name=Taskwatch\n"
                          "Comment=%1\n"
                          "Exec=%2\n"
                          "Icon=%3\n"
                          "Terminal=false\n"
                          "X-GNOME-Autostart-enabled=true\n"_s.arg(
                              Words::tr("Watch the long-running tasks of Hedera Guardian servers"),
                              command.join(u' '), applicationId);
    return PrivateFile::write(m_file, entry.toUtf8());
}

QString Autostart::quoted(const QString &argument)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_@+=:,./-]+\\z"_s);
    QString text = argument;
    text.replace(u'%', "%%"_L1); // field codes
    if (plain.match(text).hasMatch())
        return text;
    // First the quotes of Exec=, then the escapes of any value.
    for (const QChar special : QStringView(u"\\\"`$"))
        text.replace(special, u'\\' + QString(special));
    text.replace(u'\\', "\\\\"_L1).replace(u'\n', "\\n"_L1);
    return u'"' + text + u'"';
}
