#pragma once

#include "account/settings.h"

#include <QSplitter>

#include <array>

/// Table and details, over or beside each other: by the window's width, until the person chooses.
/// Remembers the sizes of both ways.
class DetailSplitter final : public QSplitter
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailSplitter)

public:
    explicit DetailSplitter(QWidget *parent = nullptr);

    void setPlace(Settings::DetailPlacement place);
    [[nodiscard]] Settings::DetailPlacement place() const { return m_place; }
    /// Automatic: beside when the window is wider than 1,500 px.
    void fitTo(int windowWidth);

    /// The sizes of both ways. A blob of another shape is ignored.
    [[nodiscard]] QByteArray saveSizes() const;
    void restoreSizes(const QByteArray &blob);

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QList<int> sizesOf(Qt::Orientation orientation) const;
    void arrange();
    [[nodiscard]] static size_t slot(Qt::Orientation orientation);

    Settings::DetailPlacement m_place = Settings::DetailPlacement::Automatic;
    int m_windowWidth = 0;
    bool m_wasShown = false;
    std::array<QList<int>, 2> m_sizes; ///< of the way that is not shown now
};
