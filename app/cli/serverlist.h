#pragma once

#include "account/serverprofile.h"

#include <QList>
#include <QString>

/// `taskwatch servers`: the profiles, a line each. Pure; holds no secret, as profiles do not.
namespace ServerList {

/// For people, in columns. Nothing in it moves a terminal's cursor.
[[nodiscard]] QString text(const QList<ServerProfile> &profiles);
/// For scripts, one JSON object a line.
[[nodiscard]] QString json(const QList<ServerProfile> &profiles);

} // namespace ServerList
