#include "instance/instanceclient.h"

#include "instance/instanceframe.h"
#include "instance/instancelock.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QLocalSocket>
#include <QThread>

using namespace std::chrono_literals;

namespace {

constexpr auto between = 50ms;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Instance)
};

[[nodiscard]] int left(const QDeadlineTimer &limit)
{
    return int(std::max<qint64>(limit.remainingTime(), 1));
}

/// Absent: nobody listens, or it went away before it answered.
[[nodiscard]] std::optional<tl::expected<InstanceReply, QString>>
ask(const QString &path, const QByteArray &frame, const QDeadlineTimer &limit)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(left(limit)))
        return {};
    socket.write(frame);
    QByteArray arrived;
    while (!limit.hasExpired()) {
        if (socket.bytesToWrite() > 0)
            socket.waitForBytesWritten(left(limit));
        const bool isMore = socket.waitForReadyRead(left(limit));
        arrived += socket.readAll();
        const auto content = InstanceFrame::take(arrived);
        if (!content)
            return tl::unexpected(Words::tr("Something else answers in the place of Taskwatch."));
        if (*content)
            return decodeReply(**content);
        if (!isMore && socket.state() != QLocalSocket::ConnectedState)
            return {};
    }
    return tl::unexpected(Words::tr("Taskwatch is running already, but does not answer."));
}

} // namespace

tl::expected<std::optional<InstanceReply>, QString> lockOrHandOver(InstanceLock &lock,
                                                                   const InstancePlace &place,
                                                                   const InstanceRequest &request,
                                                                   std::chrono::milliseconds limit)
{
    const QByteArray content = encode(request);
    if (content.size() > InstanceFrame::cap)
        return tl::unexpected(Words::tr("This is too much to hand over."));
    const QByteArray frame = InstanceFrame::packed(content);
    const QDeadlineTimer deadline(limit);
    while (true) {
        if (lock.tryLock())
            return std::optional<InstanceReply>();
        if (const auto reply = ask(place.socket, frame, deadline)) {
            if (*reply)
                return std::optional(**reply);
            return tl::unexpected(reply->error());
        }
        if (deadline.hasExpired())
            return tl::unexpected(
                Words::tr("Taskwatch is running already, but cannot be reached."));
        QThread::msleep(static_cast<unsigned long>(between.count()));
    }
}
