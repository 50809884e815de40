#include "window/emptystate.h"

#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace {

struct Words {
    QString sentence;
    QString button;
    QString link;
};

Words wordsOf(Emptiness emptiness)
{
    switch (emptiness) {
    case Emptiness::NoServer:
        return {EmptyState::tr("Taskwatch is not connected to a Guardian server yet."),
                EmptyState::tr("Connect…"), EmptyState::tr("What you need to connect")};
    case Emptiness::NothingTracked:
        return {EmptyState::tr("No tasks here yet. Paste task IDs or links anywhere in this "
                               "window to watch them."),
                EmptyState::tr("Watch a task…"), EmptyState::tr("Open a file with IDs…")};
    case Emptiness::NoMatch:
        return {EmptyState::tr("No task matches the filter and view."),
                EmptyState::tr("Clear filter"), EmptyState::tr("Show all tasks")};
    case Emptiness::EmptyView:
        return {EmptyState::tr("No task is in this view."), EmptyState::tr("Show all tasks"),
                EmptyState::tr("Watch a task…")};
    }
    Q_UNREACHABLE();
}

} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_link(new QLabel(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_link->setAlignment(Qt::AlignCenter);
    m_link->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->setSpacing(16);
    column->addStretch(2);
    column->addWidget(m_sentence);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addWidget(m_link, 0, Qt::AlignHCenter);
    column->addStretch(3);

    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT buttonClicked(m_emptiness); });
    connect(m_link, &QLabel::linkActivated, this, [this] { Q_EMIT linkClicked(m_emptiness); });
    setEmptiness(m_emptiness);
}

void EmptyState::setEmptiness(Emptiness emptiness)
{
    m_emptiness = emptiness;
    const Words words = wordsOf(emptiness);
    m_sentence->setText(words.sentence);
    m_button->setText(words.button);
    m_link->setText(QStringLiteral("<a href=\"#\">%1</a>").arg(words.link.toHtmlEscaped()));
    m_link->setAccessibleName(words.link);
    setAccessibleName(words.sentence);
}
