#include "intake/intaketext.h"

#include "intake/intakeplan.h"

#include <QMimeData>
#include <QUrl>

#include <algorithm>

IntakeText::IntakeText(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
}

void IntakeText::insertFromMimeData(const QMimeData *source)
{
    const QList<QUrl> urls = source->urls();
    if (std::none_of(urls.cbegin(), urls.cend(),
                     [](const QUrl &url) { return url.isLocalFile(); })) {
        QPlainTextEdit::insertFromMimeData(source);
        return;
    }
    const IntakeMime read = readIntakeMime(*source);
    Q_EMIT filesGiven(read.texts, read.troubles);
}
