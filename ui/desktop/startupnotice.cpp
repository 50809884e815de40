#include "desktop/startupnotice.h"

#include <QGuiApplication>
#include <QWidget>

#if defined(TASKWATCH_WITH_XCB) && QT_CONFIG(xcb)

#include <algorithm>
#include <cstdlib>
#include <xcb/xcb.h>

namespace {

constexpr qsizetype pieceSize = 20; ///< of a message on X11

[[nodiscard]] xcb_atom_t atomNamed(xcb_connection_t *x11, const QByteArray &name)
{
    xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(
        x11, xcb_intern_atom(x11, 0, quint16(name.size()), name.constData()), nullptr);
    const xcb_atom_t atom = reply ? reply->atom : xcb_atom_t(XCB_ATOM_NONE);
    std::free(reply);
    return atom;
}

/// "remove" of the Startup Notification Protocol, with the end that it wants.
[[nodiscard]] QByteArray removal(const QString &id)
{
    QByteArray message = "remove: ID=";
    const QByteArray bytes = id.toUtf8();
    for (const char byte : bytes) {
        if (byte == ' ' || byte == '"' || byte == '\\')
            message += '\\';
        message += byte;
    }
    return message + '\0';
}

} // namespace

void endStartupNotice(const QWidget &window, const QString &id)
{
    const auto *native = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
    xcb_connection_t *x11 = native ? native->connection() : nullptr; // offscreen has none
    if (!x11)
        return;
    const xcb_window_t root = xcb_setup_roots_iterator(xcb_get_setup(x11)).data->root;
    xcb_client_message_event_t event{};
    event.response_type = XCB_CLIENT_MESSAGE;
    event.format = 8;
    event.window = xcb_window_t(window.effectiveWinId()); // by which the pieces are put together
    event.type = atomNamed(x11, "_NET_STARTUP_INFO_BEGIN");
    const xcb_atom_t more = atomNamed(x11, "_NET_STARTUP_INFO");
    const QByteArray message = removal(id);
    for (qsizetype at = 0; at < message.size(); at += pieceSize) {
        const QByteArray piece = message.mid(at, pieceSize).leftJustified(pieceSize, '\0');
        std::copy(piece.cbegin(), piece.cend(), event.data.data8);
        xcb_send_event(x11, 0, root, XCB_EVENT_MASK_PROPERTY_CHANGE,
                       reinterpret_cast<const char *>(&event));
        event.type = more;
    }
    xcb_flush(x11);
}

#else

void endStartupNotice(const QWidget & /*window*/, const QString & /*id*/) {}

#endif
