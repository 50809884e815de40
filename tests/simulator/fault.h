#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QUrl>

#include <tl/expected.hpp>

#include <chrono>
#include <optional>
#include <vector>

/// Something that goes wrong with the next requests. Times are of the simulator's clock.
struct Fault {
    enum class Kind {
        Latency,     ///< the right answer, `delay` late
        Status,      ///< `status` with the body that such a status has (502, 503, 504: HTML)
        LoginPage,   ///< 200 with HTML, as a proxy that wants a sign-in says
        Empty,       ///< 200 without content: another gateway instance, which has no such task
        Body,        ///< 200 with `body`, whatever it is
        Redirect,    ///< `status` (302 by default) to `target`
        SameOrigin,  ///< 302 to the same path of this server with ?again=1, which is answered
        Truncated,   ///< whole HTTP, but only the first half of the JSON
        CutInBody,   ///< the connection ends, orderly, in the middle of the body
        ResetInBody, ///< it is reset there. Clients may ask again by themselves: see `count`
        Drip,        ///< the right answer, a byte each `interval`
        Silent,      ///< accepted, never answered
    };

    Kind kind = Kind::Latency;
    int count = 1;       ///< how many requests it hits; < 0: all, until cleared
    QString taskId = {}; ///< only requests of this task; empty: any
    QString path = {};   ///< only paths that hold this text; empty: any below the API root
    std::chrono::milliseconds delay{0}; ///< before the answer (any kind)
    std::chrono::milliseconds interval{50};
    int status = 0;
    QByteArray retryAfter = {}; ///< header of 429 and 503: seconds or a date; empty: no header
    QUrl target = {};
    QByteArray body = {};
    QByteArray contentType = "application/json; charset=utf-8";
};

/// From the control endpoint: {"kind":"status","status":429,"retryAfter":"3","count":2,…}; times in
/// ms.
[[nodiscard]] tl::expected<Fault, QString> faultFromJson(const QJsonObject &json);

/// Those that wait for a request, in the order in which they were set.
class FaultList
{
public:
    void add(Fault fault) { m_faults.push_back(std::move(fault)); }
    void clear() { m_faults.clear(); }
    /// The first that fits, counted down.
    [[nodiscard]] std::optional<Fault> take(const QString &path, const QString &taskId);
    [[nodiscard]] qsizetype size() const { return qsizetype(m_faults.size()); }
    /// How many requests each kind has hit: by its word, and the status ("reset", "status 500").
    [[nodiscard]] const QMap<QString, int> &hits() const { return m_hits; }

private:
    std::vector<Fault> m_faults;
    QMap<QString, int> m_hits;
};
