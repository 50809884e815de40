#include "account/settings.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;
using std::chrono::seconds;

namespace {

constexpr int settingsVersion = 1;
constexpr auto requestsPerSecond = "requestsPerSecond"_L1;
constexpr auto idleTimeout = "idleTimeoutSeconds"_L1;
constexpr auto totalTimeout = "totalTimeoutSeconds"_L1;
constexpr auto detailPlacement = "detailPlacement"_L1;
constexpr auto notices = "notices"_L1; ///< an object of each kind, with the next two
constexpr auto tell = "tell"_L1;
constexpr auto command = "command"_L1;
constexpr auto onClose = "onClose"_L1;
constexpr auto historyDays = "historyDays"_L1;
constexpr auto historyMegabytes = "historyMegabytes"_L1;
constexpr auto secretRules = "secretRules"_L1; ///< an object: action -> word

QString word(Settings::DetailPlacement placement)
{
    switch (placement) {
    case Settings::DetailPlacement::Automatic:
        return u"automatic"_s;
    case Settings::DetailPlacement::Below:
        return u"below"_s;
    case Settings::DetailPlacement::Beside:
        return u"beside"_s;
    }
    Q_UNREACHABLE();
}

QString word(Settings::OnClose choice)
{
    switch (choice) {
    case Settings::OnClose::Ask:
        return u"ask"_s;
    case Settings::OnClose::KeepInTray:
        return u"tray"_s;
    case Settings::OnClose::Quit:
        return u"quit"_s;
    }
    Q_UNREACHABLE();
}

QString word(SecretRule rule)
{
    switch (rule) {
    case SecretRule::ByName:
        return u"by-name"_s;
    case SecretRule::MaskAll:
        return u"mask-all"_s;
    case SecretRule::ShowAll:
        return u"show-all"_s;
    }
    Q_UNREACHABLE();
}

/// Version 0 (before 0.1.0) had no version member, other names, and a tick instead of a choice.
QJsonObject migrateFrom0(QJsonObject old)
{
    const auto rename = [&old](QLatin1String from, QLatin1String to) {
        if (old.contains(from) && !old.contains(to))
            old.insert(to, old.take(from));
    };
    rename("pollBudget"_L1, requestsPerSecond);
    rename("timeout"_L1, totalTimeout);
    if (old.value("detailBeside"_L1).isBool())
        old.insert(detailPlacement,
                   word(old.take("detailBeside"_L1).toBool() ? Settings::DetailPlacement::Beside
                                                             : Settings::DetailPlacement::Below));
    return old;
}

QJsonObject migrate(QJsonObject object, int from)
{
    for (int version = from; version < settingsVersion; ++version) {
        switch (version) {
        case 0:
            object = migrateFrom0(std::move(object));
            break;
        default:
            Q_UNREACHABLE();
        }
    }
    return object;
}

class SettingsReader
{
public:
    SettingsReader(const QJsonObject &object, QStringList &warnings)
        : m_object(object)
        , m_warnings(warnings)
    {
    }

    [[nodiscard]] int number(QLatin1String key, int fallback, int least, int most)
    {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined())
            return fallback;
        const double number = value.toDouble(-1);
        if (number >= least && number <= most && number == std::floor(number))
            return int(number);
        warn(key, QCoreApplication::translate("Settings", "a whole number from %1 to %2")
                      .arg(least)
                      .arg(most));
        return fallback;
    }

    [[nodiscard]] Settings::DetailPlacement placement(Settings::DetailPlacement fallback)
    {
        using Placement = Settings::DetailPlacement;
        const QJsonValue value = m_object.value(detailPlacement);
        if (value.isUndefined())
            return fallback;
        for (const auto one : {Placement::Automatic, Placement::Below, Placement::Beside})
            if (value.toString() == word(one))
                return one;
        warn(detailPlacement,
             QCoreApplication::translate("Settings", "“automatic”, “below” or “beside”"));
        return fallback;
    }

    [[nodiscard]] NoticeSettings noticeSettings(NoticeSettings fallback)
    {
        const QJsonObject all = m_object.value(notices).toObject();
        for (const NoticeKind kind : noticeKinds) {
            const QJsonObject one = all.value(kebab(kind)).toObject();
            NoticeSettings::Choice &choice = fallback.of(kind);
            const QJsonValue isTold = one.value(tell);
            if (!isTold.isUndefined() && !isTold.isBool())
                warn(u"%1.%2.%3"_s.arg(notices, kebab(kind), tell),
                     QCoreApplication::translate("Settings", "true or false"));
            choice.tell = isTold.toBool(choice.tell);
            choice.command = one.value(command).toString();
        }
        return fallback;
    }

    /// What is not understood masks as usual.
    [[nodiscard]] SecretRules rules()
    {
        SecretRules rules;
        const QJsonObject all = m_object.value(secretRules).toObject();
        for (auto it = all.begin(); it != all.end(); ++it) {
            constexpr std::array known{SecretRule::ByName, SecretRule::MaskAll,
                                       SecretRule::ShowAll};
            const auto rule = std::find_if(known.begin(), known.end(), [&it](SecretRule one) {
                return it.value().toString() == word(one);
            });
            if (rule != known.end())
                rules.set(it.key(), *rule);
            else
                warn(
                    u"%1.%2"_s.arg(secretRules, it.key()),
                    QCoreApplication::translate("Settings", "“by-name”, “mask-all” or “show-all”"));
        }
        return rules;
    }

    [[nodiscard]] Settings::OnClose choice(Settings::OnClose fallback)
    {
        using OnClose = Settings::OnClose;
        const QJsonValue value = m_object.value(onClose);
        if (value.isUndefined())
            return fallback;
        for (const auto one : {OnClose::Ask, OnClose::KeepInTray, OnClose::Quit})
            if (value.toString() == word(one))
                return one;
        warn(onClose, QCoreApplication::translate("Settings", "“ask”, “tray” or “quit”"));
        return fallback;
    }

private:
    void warn(const QString &key, const QString &expected)
    {
        m_warnings << QCoreApplication::translate(
                          "Settings", "The setting “%1” must be %2; its default is used.")
                          .arg(key, expected);
    }

    const QJsonObject &m_object;
    QStringList &m_warnings;
};

} // namespace

namespace {

QJsonObject toJson(const NoticeSettings &settings)
{
    QJsonObject all;
    for (const NoticeKind kind : noticeKinds) {
        const NoticeSettings::Choice &choice = settings.of(kind);
        QJsonObject one{{tell, choice.tell}};
        if (!choice.command.isEmpty())
            one.insert(command, choice.command);
        all.insert(kebab(kind), one);
    }
    return all;
}

QJsonObject toJson(const SecretRules &rules)
{
    QJsonObject object;
    const auto all = rules.all();
    for (auto it = all.cbegin(); it != all.cend(); ++it)
        object.insert(it.key(), word(it.value()));
    return object;
}

} // namespace

SettingsFile::SettingsFile(const QString &configFolder, const Clock &clock,
                           JsonFile::Damaged damaged)
    : m_file(configFolder + u"/settings.json"_s, settingsVersion, clock, damaged)
{
}

SettingsFile::Loaded SettingsFile::load()
{
    const auto content = m_file.read();
    if (!content)
        return {{}, {content.error()}};
    const QJsonObject object = migrate(content->object, content->version);
    Loaded loaded;
    Settings &settings = loaded.settings;
    SettingsReader reader(object, loaded.warnings);
    settings.requestsPerSecond =
        reader.number(requestsPerSecond, settings.requestsPerSecond, 1, 100);
    settings.idleTimeout =
        seconds{reader.number(idleTimeout, int(settings.idleTimeout.count()), 1, 600)};
    settings.totalTimeout =
        seconds{reader.number(totalTimeout, int(settings.totalTimeout.count()), 5, 3600)};
    settings.detailPlacement = reader.placement(settings.detailPlacement);
    settings.notices = reader.noticeSettings(settings.notices);
    settings.onClose = reader.choice(settings.onClose);
    settings.historyDays = reader.number(historyDays, settings.historyDays, 0, 3650);
    settings.historyMegabytes =
        reader.number(historyMegabytes, settings.historyMegabytes, 0, 100'000);
    settings.secretRules = reader.rules();
    return loaded;
}

tl::expected<void, QString> SettingsFile::save(const Settings &settings)
{
    return m_file.write({{requestsPerSecond, settings.requestsPerSecond},
                         {idleTimeout, qint64(settings.idleTimeout.count())},
                         {totalTimeout, qint64(settings.totalTimeout.count())},
                         {detailPlacement, word(settings.detailPlacement)},
                         {onClose, word(settings.onClose)},
                         {notices, toJson(settings.notices)},
                         {historyDays, settings.historyDays},
                         {historyMegabytes, settings.historyMegabytes},
                         {secretRules, toJson(settings.secretRules)}});
}
