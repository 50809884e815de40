#pragma once

#include "base/secret.h"

#include <QString>
#include <QUrl>
#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
struct ServerProfile;

/// What a person entered on the connect page, checked for its form.
struct ConnectEntry {
    QString name; ///< may be empty: the host's name then
    QString address;
    Secret token; ///< empty: keep the stored one, if the origin stays
    bool allowHttp = false;
};

/// Asks for the server's address and a token, says in words whether they work. Knows no network:
/// the test and the saving are asked for by signals, and their results told to the page.
class ConnectPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectPage)

public:
    enum class Mood { Neutral, Good, Bad };

    explicit ConnectPage(QWidget *parent = nullptr);

    /// Starts anew: for the first server, or to change the one there is. `hasToken` says whether a
    /// token for it is held already.
    void begin(const ServerProfile *existing, bool hasToken);
    /// Said below the token from now on: where it will be kept.
    void setStorageNote(const QString &note);
    /// Between the asking and the result, the page takes no other request.
    void setBusy(const QString &what);
    void setResult(Mood mood, const QString &headline, const QString &nextStep);
    /// After a test that failed: the next click on Save saves all the same.
    void allowSavingAnyway();
    void setAddress(const QString &address);
    void focusToken();
    /// Overwrites what the token field holds.
    void forgetToken();
    [[nodiscard]] bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void testRequested(const ConnectEntry &entry);
    /// `anyway`: although the test of the same entry failed.
    void saveRequested(const ConnectEntry &entry, bool anyway);
    void cancelled();
    /// What is entered differs: a test that runs is of no use any more.
    void changed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void build();
    [[nodiscard]] QWidget *buildForm();
    [[nodiscard]] std::optional<ConnectEntry> entry();
    void edited();
    void refreshConsent();
    void refreshMood();
    void save();
    void test();
    [[nodiscard]] bool needsConsent() const;

    QLabel *m_heading;
    QLineEdit *m_address;
    QLineEdit *m_token;
    QCheckBox *m_showToken;
    QLabel *m_storageNote;
    QLineEdit *m_name;
    QCheckBox *m_consent;
    QLabel *m_resultIcon;
    QLabel *m_headline;
    QLabel *m_nextStep;
    QPushButton *m_test;
    QPushButton *m_save;
    QPushButton *m_cancel;
    QUrl m_knownRoot; ///< of the server that is changed; empty for a new one
    bool m_hasToken = false;
    bool m_busy = false;
    bool m_saveAnyway = false;
    Mood m_mood = Mood::Neutral;
};
