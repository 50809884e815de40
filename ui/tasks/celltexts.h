#pragma once

#include <QCache>
#include <QFont>
#include <QStaticText>

class QPainter;
class QRect;

/// The texts of cells as they were laid out last: to shape them anew for each frame would be most
/// of its cost.
class CellTexts
{
public:
    /// One line in the painter's font and pen, elided to the rectangle. `alignment` is visual.
    void draw(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
              Qt::TextElideMode mode = Qt::ElideRight);

private:
    struct Key {
        QString text;
        QFont font;
        int width;
        Qt::TextElideMode mode;

        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed)
        {
            return qHashMulti(seed, key.text, key.width, int(key.mode));
        }
    };

    static constexpr int most = 1'000; ///< more than the cells of a window
    QCache<Key, QStaticText> m_texts{most};
};
