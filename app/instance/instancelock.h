#pragma once

#include <QString>

#include <tl/expected.hpp>

struct Folders;

/// Where the instance of a data folder is found: in the runtime folder, named by a hash, so that
/// another data folder is another instance.
struct InstancePlace {
    QString socket;
    QString lock;

    /// Makes our folder in the runtime folder. The data folder must exist. The error is in words.
    [[nodiscard]] static tl::expected<InstancePlace, QString> of(const Folders &folders);
};

/// Held by the one instance of a data folder. The system gives it up when its holder ends, however
/// it ends: there is no stale one. Children do not inherit it.
class InstanceLock final
{
public:
    /// `path` is InstancePlace::lock.
    explicit InstanceLock(QString path);
    ~InstanceLock();
    Q_DISABLE_COPY_MOVE(InstanceLock)

    /// True if it is held now. Does not wait.
    [[nodiscard]] bool tryLock();

private:
    QString m_path;
    int m_file = -1;
};
