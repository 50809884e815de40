#pragma once

#include "detail/jsonindex.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

/// A JSON document as a tree that is made where it is opened: an item's children come into being
/// when the view asks for them (fetchMore), at most about a thousand at once. Larger arrays and
/// objects are shown as ranges ("[1000 … 1999]"), so that nothing here ever walks the whole.
class JsonTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JsonTreeModel)

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };

    explicit JsonTreeModel(QObject *parent = nullptr);

    /// Null: empty. Resets the model.
    void setIndex(std::shared_ptr<const JsonIndex> json);
    [[nodiscard]] const std::shared_ptr<const JsonIndex> &json() const { return m_json; }

    /// Where a value of the document is; makes what lies above it.
    [[nodiscard]] QModelIndex indexOf(quint32 value);
    /// The value at an item; for a range its container's.
    [[nodiscard]] quint32 valueAt(const QModelIndex &index) const;
    /// As the server sent it; a string's content without quotes. Empty for a range.
    [[nodiscard]] QString copyText(const QModelIndex &index) const;
    [[nodiscard]] QString path(const QModelIndex &index) const;
    /// How many items exist so far.
    [[nodiscard]] qsizetype itemCount() const { return static_cast<qsizetype>(m_items.size()); }

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Item {
        quint32 value = 0;      ///< in the index; a range's container
        quint32 rangeBegin = 0; ///< first child of a range
        quint32 rangeSize = 0;  ///< 0: a value, not a range
        quint32 parent = 0;     ///< item number; the invisible root is its own
        quint32 row = 0;
        quint32 firstChild = 0; ///< item number; children lie in a row
        quint32 children = 0;
        bool isFetched = false;
    };

    [[nodiscard]] quint32 itemAt(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOfItem(quint32 item) const;
    /// How many children an item has once fetched.
    [[nodiscard]] quint32 expectedChildren(const Item &item) const;
    void makeValues(quint32 parent, quint32 firstRow, quint32 count);
    void makeRanges(quint32 parent, quint32 count);
    [[nodiscard]] QString nameOf(const Item &item) const;
    [[nodiscard]] QString shortText(const Item &item) const;

    std::shared_ptr<const JsonIndex> m_json;
    std::vector<Item> m_items; ///< 0 is the invisible root
};
