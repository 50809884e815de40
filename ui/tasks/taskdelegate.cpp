#include "tasks/taskdelegate.h"

#include "account/colourmark.h"
#include "statelook.h"
#include "tasks/progresscell.h"
#include "tasks/taskcolumn.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace {

constexpr int margin = TaskDelegate::margin;
constexpr int iconSize = 16;
constexpr int iconGap = 6;
constexpr int markSize = 8;
/// A line of a screen never shows more; the whole is in the detail view.
constexpr qsizetype longestText = 400;
constexpr qsizetype longestLabel = 200;

QString shortened(QString text)
{
    if (text.size() > longestText)
        text = text.first(longestText / 2) + u'…' + text.last(longestText / 2);
    return text;
}

Qt::TextElideMode elideMode(const QModelIndex &index)
{
    return TaskColumn(index.column()) == TaskColumn::TaskId ? Qt::ElideMiddle : Qt::ElideRight;
}

/// One cell on its way to the screen.
class CellPainter
{
public:
    CellPainter(QPainter &painter, CellTexts &texts, const QStyleOptionViewItem &option,
                const QModelIndex &index)
        : m_painter(painter)
        , m_texts(texts)
        , m_option(option)
        , m_index(index)
        , m_isSelected(option.state & QStyle::State_Selected)
        , m_isEnabled(option.state & QStyle::State_Enabled)
        , m_rect(option.rect.adjusted(margin, 0, -margin, 0))
    {
    }

    void paint()
    {
        switch (TaskColumn(m_index.column())) {
        case TaskColumn::Status:
            paintStatus();
            break;
        case TaskColumn::Connection:
            paintConnection();
            break;
        case TaskColumn::Progress:
            paintProgress();
            break;
        case TaskColumn::Label:
            paintLabel();
            break;
        case TaskColumn::Server:
            paintServer();
            break;
        case TaskColumn::TaskId:
            m_painter.setFont(TaskDelegate::idFont(m_option.font));
            paintText(m_rect, text(), textColour());
            break;
        case TaskColumn::Action:
        case TaskColumn::CurrentStep:
        case TaskColumn::Elapsed:
        case TaskColumn::Started:
        case TaskColumn::LastChange:
        case TaskColumn::Finished:
        case TaskColumn::Steps:
        case TaskColumn::Summary:
        case TaskColumn::User:
        case TaskColumn::Checked:
        case TaskColumn::Expected:
        case TaskColumn::TimeLeft:
        case TaskColumn::Tags:
        case TaskColumn::Note:
            paintText(m_rect, text(), textColour());
            break;
        }
    }

private:
    [[nodiscard]] QString text() const { return m_index.data(Qt::DisplayRole).toString(); }
    [[nodiscard]] Outcome outcome() const { return Outcome(m_index.data(OutcomeRole).toInt()); }
    [[nodiscard]] bool expired() const { return m_index.data(ExpiredRole).toBool(); }

    [[nodiscard]] QColor textColour() const
    {
        return m_option.palette.color(m_isSelected ? QPalette::HighlightedText : QPalette::Text);
    }
    /// State colours give way to the selection's and to the disabled look.
    [[nodiscard]] QColor coloured(const QColor &colour) const
    {
        return m_isSelected || !m_isEnabled ? textColour() : colour;
    }
    [[nodiscard]] QColor quietColour() const
    {
        return coloured(StateLook::colour(Outcome::Checking, m_option.palette));
    }

    void paintText(const QRect &rect, const QString &text, const QColor &colour)
    {
        const bool isNumeric = TaskColumnInfo::isNumeric(TaskColumn(m_index.column()));
        const Qt::Alignment alignment = QStyle::visualAlignment(
            m_option.direction, Qt::AlignVCenter | (isNumeric ? Qt::AlignRight : Qt::AlignLeft));
        m_painter.setPen(colour);
        m_texts.draw(m_painter, rect, alignment, shortened(text), elideMode(m_index));
    }

    void paintWithIcon(const QIcon &icon, const QColor &colour)
    {
        const QRect place(m_rect.left(), m_rect.top() + (m_rect.height() - iconSize) / 2, iconSize,
                          iconSize);
        const QIcon::Mode mode = !m_isEnabled   ? QIcon::Disabled
                                 : m_isSelected ? QIcon::Selected
                                                : QIcon::Normal;
        if (m_rect.width() >= iconSize)
            icon.paint(&m_painter, QStyle::visualRect(m_option.direction, m_rect, place),
                       Qt::AlignCenter, mode);
        const QRect words = m_rect.adjusted(iconSize + iconGap, 0, 0, 0);
        paintText(QStyle::visualRect(m_option.direction, m_rect, words), text(), colour);
    }

    void paintStatus()
    {
        paintWithIcon(StateLook::icon(outcome(), expired(), m_option.palette),
                      coloured(StateLook::colour(outcome(), m_option.palette, expired())));
    }

    void paintConnection()
    {
        const auto connection = Connection(m_index.data(ConnectionRole).toInt());
        paintWithIcon(StateLook::icon(connection, m_option.palette), textColour());
    }

    /// The mark is decoration: it keeps its colour where a row is selected.
    void paintServer()
    {
        const QColor mark =
            ColourMark::colour(m_index.data(ColourMarkRole).toInt(), m_option.palette);
        if (!mark.isValid() || m_rect.width() < markSize) {
            paintText(m_rect, text(), textColour());
            return;
        }
        const QRect place(m_rect.left(), m_rect.top() + (m_rect.height() - markSize) / 2, markSize,
                          markSize);
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(mark);
        m_painter.drawEllipse(QStyle::visualRect(m_option.direction, m_rect, place));
        const QRect words = m_rect.adjusted(markSize + iconGap, 0, 0, 0);
        paintText(QStyle::visualRect(m_option.direction, m_rect, words), text(), textColour());
    }

    void paintLabel()
    {
        const QString label = text();
        paintText(m_rect, label.isEmpty() ? u"—"_s : label,
                  label.isEmpty() ? quietColour() : textColour());
    }

    void paintProgress()
    {
        const QVariant percent = m_index.data(PercentRole);
        ProgressCell cell;
        cell.rect = m_rect;
        cell.direction = m_option.direction;
        cell.text = text();
        if (percent.isValid())
            cell.percent = percent.toInt();
        if (const QVariant mark = m_index.data(UsualMarkRole); mark.isValid())
            cell.usualMark = mark.toDouble();
        cell.isRunning = isOpen(outcome());
        if (!cell.percent && (!cell.isRunning || outcome() == Outcome::Checking))
            return;
        cell.bar = coloured(StateLook::colour(outcome(), m_option.palette, expired()));
        cell.number = cell.isRunning ? textColour() : quietColour();
        cell.ground = m_option.palette.color(m_isSelected ? QPalette::Highlight : QPalette::Base);
        const QRect number = cell.paintBar(m_painter);
        m_painter.setPen(cell.number);
        m_texts.draw(m_painter, number, cell.alignment(), cell.text);
    }

    QPainter &m_painter;
    CellTexts &m_texts;
    const QStyleOptionViewItem &m_option;
    const QModelIndex &m_index;
    bool m_isSelected;
    bool m_isEnabled;
    QRect m_rect;
};

const QStyle &styleOf(const QStyleOptionViewItem &option)
{
    return option.widget ? *option.widget->style() : *QApplication::style();
}

QPalette::ColorGroup groupOf(QStyle::State state)
{
    if (!(state & QStyle::State_Enabled))
        return QPalette::Disabled;
    return state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive;
}

} // namespace

TaskDelegate::TaskDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void TaskDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    cell.palette.setCurrentColorGroup(groupOf(cell.state));
    painter->save();
    painter->setFont(cell.font);
    const QStyle &style = styleOf(cell);
    // Of a cell without a mark of its own there is nothing to draw; Fusion mixes colours first.
    if (cell.state & (QStyle::State_Selected | QStyle::State_MouseOver))
        style.drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, cell.widget);
    CellPainter(*painter, m_texts, cell, index).paint();
    if (cell.state & QStyle::State_HasFocus) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(cell);
        focus.state |= QStyle::State_KeyboardFocusChange | QStyle::State_Item;
        focus.backgroundColor = cell.palette.color(
            cell.state & QStyle::State_Selected ? QPalette::Highlight : QPalette::Base);
        style.drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, cell.widget);
    }
    painter->restore();
}

QSize TaskDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool hasIcon = TaskColumn(index.column()) == TaskColumn::Status
                         || TaskColumn(index.column()) == TaskColumn::Connection;
    const int mark = index.data(ColourMarkRole).toInt() > 0 ? markSize + iconGap : 0;
    const int width =
        option.fontMetrics.horizontalAdvance(shortened(index.data(Qt::DisplayRole).toString()));
    return {width + 2 * margin + (hasIcon ? iconSize + iconGap : mark),
            rowHeight(option.fontMetrics)};
}

QWidget *TaskDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &,
                                    const QModelIndex &) const
{
    auto *editor = new QLineEdit(parent);
    editor->setAccessibleName(tr("Label"));
    editor->setMaxLength(int(longestLabel));
    editor->setFrame(false);
    editor->setAutoFillBackground(true);
    return editor;
}

bool TaskDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                             const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const bool isOurs = event->type() == QEvent::ToolTip && index.isValid()
                        && index.data(Qt::ToolTipRole).toString().isEmpty();
    if (!isOurs)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString text = index.data(Qt::DisplayRole).toString();
    const bool isId = TaskColumn(index.column()) == TaskColumn::TaskId;
    const QFontMetrics metrics(isId ? idFont(option.font) : option.font);
    const bool isCut =
        metrics.horizontalAdvance(shortened(text)) > option.rect.width() - 2 * margin;
    QToolTip::showText(
        event->globalPos(),
        isCut ? Qt::convertFromPlainText(shortened(text), Qt::WhiteSpaceNormal) : QString(), view);
    return true;
}

int TaskDelegate::rowHeight(const QFontMetrics &metrics)
{
    return metrics.height() + 8;
}

QFont TaskDelegate::idFont(const QFont &font)
{
    QFont id = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    id.setPointSizeF(font.pointSizeF());
    if (font.pointSizeF() <= 0)
        id.setPixelSize(font.pixelSize());
    return id;
}
