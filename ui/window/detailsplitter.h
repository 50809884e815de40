#pragma once

#include <QSplitter>

#include <array>

/// Table and details, over or beside each other: by the window's width, until the person chooses.
/// Remembers the sizes of both ways.
class DetailSplitter final : public QSplitter
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailSplitter)

public:
    enum class Place { Automatic, Below, Beside };

    explicit DetailSplitter(QWidget *parent = nullptr);

    void setPlace(Place place);
    [[nodiscard]] Place place() const { return m_place; }
    /// Automatic: beside when the window is wider than 1,500 px.
    void fitTo(int windowWidth);

    [[nodiscard]] QList<int> sizesOf(Qt::Orientation orientation) const;
    void setSizesOf(Qt::Orientation orientation, const QList<int> &sizes);

private:
    void arrange();
    [[nodiscard]] static size_t slot(Qt::Orientation orientation);

    Place m_place = Place::Automatic;
    int m_windowWidth = 0;
    std::array<QList<int>, 2> m_sizes; ///< of the way that is not shown now
};
