#include "mutator.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

using namespace Qt::StringLiterals;

namespace {

const QByteArrayList tokens = {"{",
                               "}",
                               "[",
                               "]",
                               ",",
                               ":",
                               "\"",
                               "\\",
                               "null",
                               "true",
                               "false",
                               "0",
                               "-1",
                               "1e308",
                               "1e999",
                               "\\u0000",
                               "\\ud8",
                               "\xff",
                               "\xc3",
                               "\xef\xbb\xbf",
                               "\"done\":",
                               "\"result\":",
                               "\"error\":",
                               "\"taskId\":\"x\",",
                               "\"done\":true,",
                               "\"result\":\"\",",
                               "\"info\":{},",
                               "[[[[[[[[",
                               "<html>"};

const QStringList names = {
    u"taskId"_s,   u"action"_s,   u"done"_s,      u"error"_s,    u"result"_s,      u"steps"_s,
    u"statuses"_s, u"info"_s,     u"date"_s,      u"progress"_s, u"timestamp"_s,   u"message"_s,
    u"failed"_s,   u"started"_s,  u"completed"_s, u"name"_s,     u"startDate"_s,   u"stopDate"_s,
    u"isValid"_s,  u"errors"_s,   u"blocks"_s,    u"code"_s,     u"expectation"_s, u"key"_s,
    u"time"_s,     u"password"_s, u"type"_s,      u""_s};

} // namespace

QByteArray Mutator::mutateBytes(const QByteArrayList &bodies)
{
    QByteArray body = pick(bodies);
    if (body.isEmpty())
        return pick(tokens);
    for (int rounds = 1 + below(2); rounds > 0 && !body.isEmpty(); --rounds) {
        const int at = below(body.size());
        const int length = qMin<int>(1 + below(16), int(body.size()) - at);
        switch (below(12)) {
        case 0:
            body[at] = static_cast<char>(below(256));
            break;
        case 1:
            body[at] = static_cast<char>(body.at(at) ^ (1 << below(8)));
            break;
        case 2:
            body.remove(at, length);
            break;
        case 3:
            body.insert(below(body.size() + 1), body.mid(at, length));
            break;
        case 4:
            body.insert(at, pick(tokens));
            break;
        case 5:
            body.truncate(at);
            break;
        case 6: {
            const QByteArray &other = pick(bodies);
            body.replace(at, length, other.mid(below(other.size() + 1), below(32)));
            break;
        }
        default: // another digit or letter says something else, and is mostly readable
            changeWord(body, at);
            break;
        }
    }
    return body;
}

void Mutator::changeWord(QByteArray &body, int from)
{
    for (int at = from; at < body.size(); ++at) {
        const char c = body.at(at);
        if (c >= '0' && c <= '9')
            body[at] = static_cast<char>('0' + below(10));
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            body[at] = static_cast<char>(c ^ 0x20);
        else
            continue;
        return;
    }
}

QByteArray Mutator::mutateTree(const QByteArrayList &bodies)
{
    const QByteArray &body = pick(bodies);
    const QJsonDocument json = QJsonDocument::fromJson(body);
    if (json.isNull())
        return body;
    QJsonValue root = json.isObject() ? QJsonValue(json.object()) : QJsonValue(json.array());
    for (int rounds = 1 + below(3); rounds > 0; --rounds)
        root = mutated(root, 0);
    if (root.isObject())
        return QJsonDocument(root.toObject())
            .toJson(below(2) == 0 ? QJsonDocument::Compact : QJsonDocument::Indented);
    return root.isArray() ? QJsonDocument(root.toArray()).toJson() : QByteArray("null");
}

QJsonValue Mutator::mutated(const QJsonValue &value, int depth)
{
    // Deeper with each level, so that all levels get their share.
    if (value.isObject() && !value.toObject().isEmpty() && (depth == 0 || below(4) != 0)) {
        QJsonObject object = value.toObject();
        const QStringList keys = object.keys();
        const QString &key = keys.at(below(keys.size()));
        switch (below(6)) {
        case 0:
            object.remove(key);
            break;
        case 1:
            object.insert(names.at(below(names.size())), object.take(key));
            break;
        case 2:
            object.insert(names.at(below(names.size())), oddValue(object.value(key)));
            break;
        default:
            object.insert(key, mutated(object.value(key), depth + 1));
            break;
        }
        return object;
    }
    if (value.isArray() && !value.toArray().isEmpty() && below(4) != 0) {
        QJsonArray array = value.toArray();
        const int at = below(array.size());
        switch (below(5)) {
        case 0:
            array.removeAt(at);
            break;
        case 1:
            array.insert(at, array.at(below(array.size())));
            break;
        default:
            array.replace(at, mutated(array.at(at), depth + 1));
            break;
        }
        return array;
    }
    return oddValue(value);
}

QJsonValue Mutator::oddValue(const QJsonValue &old)
{
    switch (below(18)) {
    case 0:
        return QJsonValue();
    case 1:
        return true;
    case 2:
        return false;
    case 3:
        return 0;
    case 4:
        return u""_s;
    case 5:
        return QJsonObject();
    case 6:
        return QJsonArray();
    case 7:
        return QJsonArray{old, old};
    case 8:
        return QJsonObject{{u"message"_s, old}, {u"code"_s, below(1000)}};
    case 9:
        return QJsonObject{{u"isValid"_s, below(2) == 0}, {u"errors"_s, QJsonArray{old}}};
    case 10:
        return std::numeric_limits<double>::max();
    case 11:
        return -1;
    case 12:
        return 1'777'885'901'000.0 + below(1000);
    case 13:
        return old.toVariant().toString(); // a number as text
    case 14:
        return below(140) - 20;
    case 15:
        return u"2026-05-04T09:1%1:00.000Z"_s.arg(below(10));
    case 16:
        return QString(QChar(0xd800)) + u"\u202e<b>\n\t"_s;
    default:
        return QString::number(below(200));
    }
}
