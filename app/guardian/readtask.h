#pragma once

#include "task/tasksnapshot.h"

#include <QByteArrayView>
#include <QJsonObject>

#include <optional>

/// What a task object of either dialect says; absent if nothing in it names a task. `text` is the
/// object's own JSON text, from which an error's original bytes are kept.
[[nodiscard]] std::optional<TaskSnapshot> readTask(const QJsonObject &task, QByteArrayView text,
                                                   const SecretRules &rules = {});
