#pragma once

#include <QDialog>

class QAction;

/// F1: what the keys do, read from the actions themselves.
class KeysDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeysDialog)

public:
    explicit KeysDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);
};
