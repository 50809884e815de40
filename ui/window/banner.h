#pragma once

#include "base/taskid.h"

#include <QIcon>
#include <QString>
#include <QWidget>

#include <map>
#include <utility>

class QLabel;
class QPushButton;
class QToolButton;

/// What a banner is about; the first is the most severe, and only the most severe is shown.
enum class BannerKind {
    HistoryTrouble,
    News,      ///< what the desktop could not tell; before what stays while a trouble lasts
    NotUsable, ///< a server's settings do not allow to ask it
    CertificateProblem,
    TokenNotRead,    ///< by the keychain; else one would only be told to sign in
    TokenNotRemoved, ///< from the keychain, of whichever servers; one is signed out all the same
    SignInNeeded,
    NoPermission,
    Unreachable,
    RateLimited,
    NoKeychain,
    Note,       ///< what the program has to say about itself, e.g. a file that it set aside
    Discovered, ///< running tasks that nobody watches: an offer hides no news
};

struct BannerText {
    QString headline; ///< what happened
    QString nextStep; ///< the cause and what to do about it; may be empty
    QString action;   ///< the button's text; empty: no button
    bool dismissible = false;
    QString dismissal = {};   ///< the text of a button that hides it, where hiding is an answer
    QString alternative = {}; ///< the text of a second button, for another way out

    friend bool operator==(const BannerText &, const BannerText &) = default;
};

/// The strip above the table: at most one banner at a time, of each kind one per server. A
/// dismissed one stays away until its words change or its trouble ends and comes again.
class BannerBar final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BannerBar)

public:
    explicit BannerBar(QWidget *parent = nullptr);

    /// `server` null: it is about the program itself.
    void set(BannerKind kind, const BannerText &text, const ServerId &server = {});
    void remove(BannerKind kind, const ServerId &server = {});
    /// Of whatever server.
    [[nodiscard]] bool isShown(BannerKind kind) const;
    [[nodiscard]] bool isShown(BannerKind kind, const ServerId &server) const;

Q_SIGNALS:
    /// Hidden by the person.
    void dismissed(BannerKind kind, const ServerId &server);
    void activated(BannerKind kind, const ServerId &server);
    void alternativeChosen(BannerKind kind, const ServerId &server);

protected:
    void changeEvent(QEvent *event) override;

private:
    using Key = std::pair<BannerKind, QUuid>;
    struct Entry {
        BannerText text;
        bool dismissed = false;
    };

    void showMostSevere();
    void dismiss();
    void refreshIcon();

    std::map<Key, Entry> m_entries;
    Key m_shown{BannerKind::Note, {}}; ///< meaningful while visible
    QLabel *m_icon;
    QLabel *m_headline;
    QLabel *m_nextStep;
    QPushButton *m_action;
    QPushButton *m_alternative;
    QPushButton *m_dismissal;
    QToolButton *m_close;
};
