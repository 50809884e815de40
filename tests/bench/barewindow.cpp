// The baseline of the start: what a window with a table takes in a program that is nothing else.
#include <QApplication>
#include <QMainWindow>
#include <QStandardItemModel>
#include <QTableView>
#include <QTextStream>
#include <QTimer>

namespace {

/// Says "painted" once a window has been painted, and ends.
class BarePaint final : public QObject
{
protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_said) {
            m_said = true;
            QTimer::singleShot(0, this, [] {
                QTextStream(stdout) << "painted" << Qt::endl;
                QCoreApplication::quit();
            });
        }
        return QObject::eventFilter(watched, event);
    }

private:
    bool m_said = false;
};

} // namespace

int main(int argc, char **argv)
{
    const QApplication app(argc, argv);
    QMainWindow window;
    QStandardItemModel model(20, 10);
    auto *view = new QTableView;
    view->setModel(&model);
    window.setCentralWidget(view);
    window.resize(1280, 800);
    BarePaint paint;
    window.installEventFilter(&paint);
    window.show();
    return QApplication::exec();
}
