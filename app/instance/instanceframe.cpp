#include "instance/instanceframe.h"

#include <QtEndian>

namespace {

constexpr QByteArrayView mark("TWI\x01");

} // namespace

QByteArray InstanceFrame::packed(const QByteArray &content)
{
    Q_ASSERT(content.size() <= cap);
    QByteArray length(4, Qt::Uninitialized);
    qToBigEndian(quint32(content.size()), length.data());
    return mark.toByteArray() + length + content;
}

tl::expected<std::optional<QByteArray>, InstanceFrame::Broken>
InstanceFrame::take(QByteArray &arrived)
{
    const qsizetype seen = std::min(arrived.size(), mark.size());
    if (QByteArrayView(arrived).first(seen) != mark.first(seen))
        return tl::unexpected(Broken::Foreign);
    if (arrived.size() < headSize)
        return std::optional<QByteArray>();
    const auto size = qsizetype(qFromBigEndian<quint32>(arrived.constData() + mark.size()));
    if (size > cap)
        return tl::unexpected(Broken::TooLarge);
    if (arrived.size() < headSize + size)
        return std::optional<QByteArray>();
    std::optional<QByteArray> content = arrived.mid(headSize, size);
    arrived.remove(0, headSize + size);
    return content;
}
