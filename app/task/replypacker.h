#pragma once

#include "task/replydata.h"

#include <memory>

/// Packs small replies of one server, each against what such replies have in common: what repeats
/// within one is little. One thread; what it gives may go to any other and outlive it.
class ReplyPacker
{
public:
    /// The same in less room, with its headers; itself if that would not be less. `mayTeach`:
    /// others may be packed against it, so that it stays in memory for as long as they do.
    [[nodiscard]] std::shared_ptr<const ReplyData>
    packed(const std::shared_ptr<const ReplyData> &reply, bool mayTeach);

    /// Headers and body, one after the other.
    [[nodiscard]] static QByteArray unpacked(const PackedTexts &texts);

private:
    void learn(const QByteArray &text);

    QExplicitlySharedDataPointer<const ReplyWords> m_words{new ReplyWords({})};
    int m_untilLearning = 0; ///< so many replies
};
