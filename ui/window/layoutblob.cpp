#include "window/layoutblob.h"

#include <QDataStream>
#include <QIODevice>

namespace {

constexpr quint32 version = 0x54573101; // "TW1", 1

} // namespace

QByteArray packLayout(const WindowLayout &layout)
{
    QByteArray blob;
    QDataStream out(&blob, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << version << layout.geometry << layout.sideSplit << layout.sideListShown
        << static_cast<qint32>(layout.place) << layout.beside << layout.below << layout.table
        << static_cast<qint32>(layout.tab);
    return blob;
}

std::optional<WindowLayout> unpackLayout(const QByteArray &blob)
{
    QDataStream in(blob);
    in.setVersion(QDataStream::Qt_6_4);
    WindowLayout layout;
    quint32 found = 0;
    in >> found;
    if (found != version)
        return std::nullopt;
    qint32 place = 0;
    qint32 tab = 0;
    in >> layout.geometry >> layout.sideSplit >> layout.sideListShown >> place >> layout.beside
        >> layout.below >> layout.table >> tab;
    if (in.status() != QDataStream::Ok || place < 0
        || place > static_cast<qint32>(DetailSplitter::Place::Beside))
        return std::nullopt;
    layout.place = static_cast<DetailSplitter::Place>(place);
    layout.tab = tab;
    return layout;
}
