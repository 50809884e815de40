#pragma once

#include <QHeaderView>

/// A flat header: titles in line with the cells below, and a hairline.
class TaskHeader final : public QHeaderView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskHeader)

public:
    explicit TaskHeader(QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    void paintEvent(QPaintEvent *event) override;
};
