#pragma once

#include "detail/jsontreemodel.h"

#include <QTreeView>

/// The tree of a JSON document, with its context menu. Owns its model.
class JsonTreeView final : public QTreeView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JsonTreeView)

public:
    explicit JsonTreeView(QWidget *parent = nullptr);

    /// What is open, current and in view stays so where the new document has it, unless `rewind`.
    void setJson(const std::shared_ptr<const JsonIndex> &json, bool rewind);
    [[nodiscard]] JsonTreeModel &jsonModel() const { return *m_model; }

    /// Opens what lies above, selects it and scrolls there.
    void showValue(quint32 value);

    void copyValue();
    void copyPath();

Q_SIGNALS:
    /// The owner puts it on the clipboard, and takes it off again if it is a secret.
    void copyRequested(const QString &text);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    using Place = QList<int>; ///< rows, from the root down

    [[nodiscard]] QList<Place> openPlaces() const;
    [[nodiscard]] QModelIndex at(const Place &place) const;

    JsonTreeModel *m_model;
};
