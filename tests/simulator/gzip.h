#pragma once

#include <QByteArray>

/// As a proxy packs a reply with `Content-Encoding: gzip` (RFC 1952), fast rather than small.
[[nodiscard]] QByteArray gzip(const QByteArray &data);
