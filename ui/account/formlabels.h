#pragma once

#include <QFormLayout>
#include <QLabel>
#include <QList>

#include <algorithm>

/// Gives the labels of several forms, one below the other, one column; hidden rows count, so that
/// nothing moves when they are shown.
inline void alignLabels(const QList<QFormLayout *> &forms)
{
    QList<QLabel *> labels;
    for (const QFormLayout *form : forms) {
        for (int row = 0; row < form->rowCount(); ++row) {
            QLayoutItem *const item = form->itemAt(row, QFormLayout::LabelRole);
            if (auto *label = item ? qobject_cast<QLabel *>(item->widget()) : nullptr) {
                label->setAlignment(form->labelAlignment() | Qt::AlignVCenter);
                labels.append(label);
            }
        }
    }
    int widest = 0;
    for (const QLabel *label : std::as_const(labels))
        widest = std::max(widest, label->sizeHint().width());
    for (QLabel *label : std::as_const(labels))
        label->setMinimumWidth(widest);
}
