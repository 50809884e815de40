#pragma once

#include "account/jsonfile.h"
#include "account/noticesettings.h"
#include "task/secretrules.h"

#include <QStringList>

#include <chrono>

/// What the operator can set. The defaults are what a fresh start uses.
struct Settings {
    enum class DetailPlacement {
        Automatic, ///< beside the table when the window is wide, else below
        Below,
        Beside,
    };

    /// What closing the window means while there is a tray.
    enum class OnClose { Ask, KeepInTray, Quit };

    int requestsPerSecond = 20;             ///< of a server profile made from now on; 1..100
    std::chrono::seconds idleTimeout{20};   ///< without a byte; 1..600
    std::chrono::seconds totalTimeout{180}; ///< a whole exchange; 5..3,600
    DetailPlacement detailPlacement = DetailPlacement::Automatic;
    NoticeSettings notices{};
    OnClose onClose = OnClose::Ask;
    /// With the session. Not kept in the settings: the desktop's own entry counts (Autostart).
    bool autostart = false;
    int historyDays = 90;       ///< that a finished task is kept; 0: for ever; at most 3,650
    int historyMegabytes = 500; ///< that the history takes at most; 0: any; at most 100,000
    SecretRules secretRules{};  ///< what is masked in results, where it is not as usual

    friend bool operator==(const Settings &, const Settings &) = default;
};

/// The settings in `settings.json`.
class SettingsFile
{
public:
    /// The clock must outlive this.
    SettingsFile(const QString &configFolder, const Clock &clock,
                 JsonFile::Damaged damaged = JsonFile::Damaged::SetAside);

    struct Loaded {
        Settings settings;
        QStringList warnings; ///< in words for the operator: what was not understood
    };
    /// Always gives settings: a value that is none takes its default and a warning; the file itself
    /// is not touched, except that a damaged one may be set aside.
    [[nodiscard]] Loaded load();
    /// Refused after a load() that left the file alone.
    [[nodiscard]] tl::expected<void, QString> save(const Settings &settings);

private:
    JsonFile m_file;
};
