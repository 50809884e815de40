#include "detail/secretbanner.h"

#include "detail/secretgate.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

SecretBanner::SecretBanner(SecretGate &gate, QWidget *parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->addWidget(m_text);
    row->addStretch(1);
    row->addWidget(m_button);
    m_text->setTextFormat(Qt::PlainText);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_gate.isOpen())
            m_gate.close();
        else
            m_gate.open();
    });
    connect(&m_gate, &SecretGate::changed, this, &SecretBanner::showState);
    connect(&m_gate, &SecretGate::ticked, this, &SecretBanner::showState);
    showState();
}

void SecretBanner::setHasContent(bool hasContent)
{
    m_hasContent = hasContent;
    showState();
}

void SecretBanner::showState()
{
    setVisible(m_gate.isNeeded() && m_hasContent);
    const auto all = static_cast<int>(SecretGate::openTime.count());
    const auto left = static_cast<int>(m_gate.timeLeft().count());
    m_text->setText(m_gate.isOpen()
                        ? tr("The secret is shown for %1 s more. What you copy leaves "
                             "the clipboard after %2 s.")
                              .arg(QString::number(left), QString::number(all))
                        : tr("What the server said of this task holds a secret. It is masked."));
    m_button->setText(m_gate.isOpen() ? tr("Hide now") : tr("Show for %n s", nullptr, all));
    m_button->setAccessibleName(m_button->text());
}
