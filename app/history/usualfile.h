#pragma once

#include "account/jsonfile.h"
#include "task/baselines.h"

/// How long removed and outlived tasks took, in `usual.json` beside the history: what is usual
/// outlives them. Of each task nothing but its ID, its action and durations; as many as
/// Baselines::lessons() gives.
class UsualFile
{
public:
    /// The clock must outlive this.
    UsualFile(const QString &dataFolder, const Clock &clock,
              JsonFile::Damaged damaged = JsonFile::Damaged::SetAside);

    using Lessons = std::vector<Baselines::Lesson>;
    /// The error in words, where there is a file that cannot be read.
    [[nodiscard]] tl::expected<Lessons, QString> load();
    [[nodiscard]] tl::expected<void, QString> save(const Lessons &lessons);

private:
    JsonFile m_file;
};
