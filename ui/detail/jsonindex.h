#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>

#include <atomic>
#include <vector>

/// A table of contents over JSON text: where each value stands, in the order of the text. The text
/// itself stays as it came, so member order, duplicate names and integers of any size are shown as
/// they were sent. 28 bytes a value, gone in one free().
///
/// Build it off the GUI thread; const members may be called from any thread. A value is named by
/// its number, in the order of the text; 0 is the whole.
class JsonIndex
{
public:
    enum class Kind { Object, Array, String, Number, Boolean, Null };

    /// Children per range when a container is too large to be opened at once.
    static constexpr quint32 rangeSize = 1'000;
    /// Larger documents get no index (isValid() is false): as text they can still be read.
    static constexpr size_t maxValues = 4'000'000;

    /// `part` lies within `document`, which is kept (shared, not copied).
    JsonIndex(QByteArray document, QByteArrayView part);

    /// False when the text is no JSON, or has more than `maxValues` values.
    [[nodiscard]] bool isValid() const { return !m_values.empty(); }
    [[nodiscard]] QByteArrayView bytes() const { return m_text; }
    [[nodiscard]] size_t size() const { return m_values.size(); }

    [[nodiscard]] Kind kind(quint32 value) const;
    [[nodiscard]] bool isContainer(quint32 value) const;
    [[nodiscard]] quint32 childCount(quint32 value) const { return m_values[value].children; }
    /// The container of a value; of the whole, itself.
    [[nodiscard]] quint32 parent(quint32 value) const { return m_values[value].parent; }
    [[nodiscard]] quint32 row(quint32 value) const { return m_values[value].row; }
    /// Takes at most `rangeSize` steps, whatever the container's size.
    [[nodiscard]] quint32 child(quint32 container, quint32 row) const;
    [[nodiscard]] quint32 nextSibling(quint32 value) const { return m_values[value].next; }

    /// The value as it was sent.
    [[nodiscard]] QByteArrayView bytes(quint32 value) const;
    /// A member's name; empty for an array's elements and the whole.
    [[nodiscard]] QString name(quint32 value) const;
    /// A string's content, anything else as it was sent; made from at most `limit` bytes.
    [[nodiscard]] QString text(quint32 value, qsizetype limit) const;
    /// JSONPath, e.g. `$.errors.blocks[0].id`.
    [[nodiscard]] QString path(quint32 value) const;

    /// Values whose name or (unless containers) text contains `needle`, in any case; at most
    /// `limit`. Ends early when `stop` becomes true.
    [[nodiscard]] QList<quint32> find(const QString &needle, qsizetype limit,
                                      const std::atomic_bool &stop) const;

private:
    friend class JsonIndexer;
    struct Value {
        quint32 name;     ///< where the member's name (its quote) begins; 0: none
        quint32 begin;    ///< where the value begins
        quint32 end;      ///< one past its last byte
        quint32 next;     ///< number of the first value that is not within this one
        quint32 parent;   ///< number of the container
        quint32 row;      ///< place in the container
        quint32 children; ///< of a container
    };

    QByteArray m_document;
    QByteArrayView m_text;
    std::vector<Value> m_values;
    /// Of large containers: the number of each `rangeSize`-th child.
    QHash<quint32, QList<quint32>> m_anchors;
};
