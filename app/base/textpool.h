#pragma once

#include <QByteArrayView>
#include <QString>

#include <algorithm>
#include <array>
#include <cstring>

/// Texts where the same few words come again and again: actions, steps, rules. What was met lately
/// is shared instead of made anew. Bounded.
class TextPool
{
public:
    [[nodiscard]] static QString made(QByteArrayView utf8)
    {
        if (!utf8.startsWith("\xef\xbb\xbf"))
            return QString::fromUtf8(utf8);
        return QChar(QChar::ByteOrderMark) + QString::fromUtf8(utf8); // Qt drops the first one
    }

    [[nodiscard]] QString text(QByteArrayView utf8)
    {
        if (utf8.isEmpty())
            return {};
        if (utf8.size() > longest)
            return made(utf8);
        Place &place = m_places[placeOf(utf8)];
        const auto size = size_t(utf8.size());
        if (place.size != size || std::memcmp(place.utf8.data(), utf8.data(), size) != 0) {
            place.text = made(utf8);
            place.size = size;
            std::memcpy(place.utf8.data(), utf8.data(), size);
        }
        return place.text;
    }

    /// The same text, with the bytes of one that was met lately, if there was.
    [[nodiscard]] QString shared(const QString &text)
    {
        const QByteArray utf8 = text.toUtf8();
        if (utf8.isEmpty() || utf8.size() > longest)
            return text;
        const QString met = this->text(utf8);
        return met == text ? met : text; // halves of surrogate pairs have no UTF-8
    }

private:
    static constexpr qsizetype longest = 64;
    struct Place {
        QString text;
        size_t size = 0;
        std::array<char, longest> utf8{};
    };

    /// By its ends: whoever shares them, shares a place, and is made anew each time.
    [[nodiscard]] size_t placeOf(QByteArrayView utf8) const
    {
        constexpr size_t end = sizeof(quint64);
        const auto size = size_t(utf8.size());
        const size_t taken = std::min(size, end);
        quint64 head = 0;
        quint64 tail = 0;
        std::memcpy(&head, utf8.data(), taken);
        std::memcpy(&tail, utf8.data() + size - taken, taken);
        const quint64 mixed = (head ^ (tail << 1U) ^ size) * 0x9e3779b97f4a7c15U;
        return size_t(mixed >> 32U) % m_places.size();
    }

    std::array<Place, 256> m_places;
};
