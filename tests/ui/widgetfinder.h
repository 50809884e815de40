#pragma once

#include <QAbstractButton>
#include <QWidget>

/// Finds parts of a window as assistive technology does: by their accessible name.
namespace WidgetFinder {

template<typename Widget>
[[nodiscard]] Widget *named(const QWidget &root, const QString &accessibleName)
{
    const auto all = root.findChildren<Widget *>();
    for (Widget *widget : all) {
        if (widget->accessibleName() == accessibleName)
            return widget;
    }
    return nullptr;
}

/// The visible one, if there are several; by its text without mnemonic.
[[nodiscard]] inline QAbstractButton *button(const QWidget &root, const QString &text)
{
    QAbstractButton *hidden = nullptr;
    const auto all = root.findChildren<QAbstractButton *>();
    for (QAbstractButton *widget : all) {
        if (widget->text().remove(QLatin1Char('&')) != text)
            continue;
        if (widget->isVisible())
            return widget;
        hidden = widget;
    }
    return hidden;
}

} // namespace WidgetFinder
