#pragma once

#include <QString>

#include <array>

/// What the operator may be told of, wherever the window is.
enum class NoticeKind {
    Failed,
    CompletedWithProblems,
    Completed,
    Stalled,
    Slow, ///< slower than usual
    Started,
    StepChange,
    SignInNeeded, ///< of a server
    Unreachable,  ///< of a server, for 60 s; and back again
};

/// The more important first: of several about one task the first counts.
inline constexpr std::array noticeKinds{
    NoticeKind::Failed,      NoticeKind::CompletedWithProblems,
    NoticeKind::Completed,   NoticeKind::Stalled,
    NoticeKind::Slow,        NoticeKind::Started,
    NoticeKind::StepChange,  NoticeKind::SignInNeeded,
    NoticeKind::Unreachable,
};

[[nodiscard]] constexpr bool isOfServer(NoticeKind kind)
{
    return kind == NoticeKind::SignInNeeded || kind == NoticeKind::Unreachable;
}

/// For files and hooks, never translated: "completed-with-problems".
[[nodiscard]] QString kebab(NoticeKind kind);

/// Which notices there are, and what runs with them.
struct NoticeSettings {
    struct Choice {
        bool tell = false;
        QString command; ///< a program with arguments, run without a shell; empty: none

        friend bool operator==(const Choice &, const Choice &) = default;
    };

    NoticeSettings();
    [[nodiscard]] const Choice &of(NoticeKind kind) const { return choices[size_t(kind)]; }
    [[nodiscard]] Choice &of(NoticeKind kind) { return choices[size_t(kind)]; }

    std::array<Choice, noticeKinds.size()> choices; ///< by kind

    friend bool operator==(const NoticeSettings &, const NoticeSettings &) = default;
};
