#include "cli/serverlist.h"

#include "base/plaintext.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ServerList)
};

QString stateOf(const ServerProfile &profile)
{
    if (!profile.enabled)
        return u"disabled"_s;
    return profile.paused ? u"paused"_s : u"enabled"_s;
}

QString stateWord(const ServerProfile &profile)
{
    if (!profile.enabled)
        return Words::tr("disabled");
    return profile.paused ? Words::tr("paused") : QString();
}

} // namespace

QString ServerList::text(const QList<ServerProfile> &profiles)
{
    constexpr std::size_t columns = 4;
    QList<std::array<QString, columns>> rows;
    std::array<qsizetype, columns> widths{};
    for (const ServerProfile &profile : profiles) {
        std::array<QString, columns> row{profile.shownName(), profile.apiRoot.toDisplayString(),
                                         profile.account, stateWord(profile)};
        for (std::size_t i = 0; i < columns; ++i) {
            row.at(i) = PlainText::onOneLine(row.at(i).simplified());
            widths.at(i) = std::max(widths.at(i), row.at(i).size());
        }
        rows.append(row);
    }
    QString text;
    for (const auto &row : std::as_const(rows)) {
        QString line;
        for (std::size_t i = 0; i < columns; ++i) {
            if (widths.at(i) > 0)
                line += row.at(i).leftJustified(widths.at(i)) + u"  "_s;
        }
        text += line.trimmed() + u'\n';
    }
    return text;
}

QString ServerList::json(const QList<ServerProfile> &profiles)
{
    QString text;
    for (const ServerProfile &profile : profiles) {
        const QJsonObject object{{u"id"_s, profile.id.text()},
                                 {u"name"_s, profile.shownName()},
                                 {u"address"_s, profile.address},
                                 {u"apiRoot"_s, profile.apiRoot.toString(QUrl::FullyEncoded)},
                                 {u"account"_s, profile.account},
                                 {u"state"_s, stateOf(profile)},
                                 {u"requestsPerSecond"_s, profile.requestsPerSecond}};
        const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact);
        text += PlainText::inJson(QString::fromUtf8(line)) + u'\n';
    }
    return text;
}
