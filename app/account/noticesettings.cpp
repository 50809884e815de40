#include "account/noticesettings.h"

using namespace Qt::StringLiterals;

QString kebab(NoticeKind kind)
{
    switch (kind) {
    case NoticeKind::Failed:
        return u"failed"_s;
    case NoticeKind::CompletedWithProblems:
        return u"completed-with-problems"_s;
    case NoticeKind::Completed:
        return u"completed"_s;
    case NoticeKind::Stalled:
        return u"stalled"_s;
    case NoticeKind::Slow:
        return u"slow"_s;
    case NoticeKind::Started:
        return u"started"_s;
    case NoticeKind::StepChange:
        return u"step-change"_s;
    case NoticeKind::SignInNeeded:
        return u"sign-in-needed"_s;
    case NoticeKind::Unreachable:
        return u"unreachable"_s;
    }
    Q_UNREACHABLE();
}

NoticeSettings::NoticeSettings()
{
    for (const NoticeKind kind : noticeKinds)
        of(kind).tell = kind != NoticeKind::Slow && kind != NoticeKind::Started
                        && kind != NoticeKind::StepChange;
}
