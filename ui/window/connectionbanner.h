#pragma once

#include "guardian/connectionstatus.h"
#include "window/banner.h"

#include <QList>

#include <optional>
#include <utility>

/// The connection in a few words, for side list and status bar: "unreachable since 12:04". A time
/// that is not of the same local day as `now` has its date.
[[nodiscard]] QString connectionText(const ConnectionStatus &status, const QDateTime &now);

/// The banner that a connection's trouble asks for; absent while there is none.
[[nodiscard]] std::optional<std::pair<BannerKind, BannerText>>
connectionBanner(const QString &serverName, const ConnectionStatus &status, const QDateTime &now);

/// The kinds that connectionBanner() gives.
[[nodiscard]] QList<BannerKind> connectionBannerKinds();
