#pragma once

#include "exchange/exportformat.h"

#include <QDialog>

class QButtonGroup;
class QPushButton;

/// Asks which tasks are exported, and as what. Where to, is asked next, by the system's own dialog.
class ExportDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExportDialog)

public:
    enum class Scope { Selected, Shown, All };
    struct Counts {
        int selected = 0;
        int shown = 0; ///< in the table, by view and filter
        int all = 0;
    };

    /// What holds no task cannot be chosen; the first that does is.
    explicit ExportDialog(const Counts &counts, QWidget *parent = nullptr);

    [[nodiscard]] Scope scope() const;
    [[nodiscard]] ExportFormat format() const;

private:
    [[nodiscard]] QWidget *makeScopes(const Counts &counts);
    [[nodiscard]] QWidget *makeFormats();

    QButtonGroup *m_scope;
    QButtonGroup *m_format;
};
