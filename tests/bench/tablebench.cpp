#include "bench.h"
#include "manualclock.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "tasksamples.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto flushEvery = 100ms;

/// The own index: store, model and the view that selects in it, on a clock that stands still.
class OurTable
{
public:
    explicit OurTable(int rows)
        : m_count(rows)
        , m_store(m_clock)
        , m_model(m_store, m_clock)
        , m_view(m_model, m_clock)
    {
        QObject::connect(&m_store, &TaskStore::added, &m_model, &TaskTableModel::onAdded);
        QObject::connect(&m_store, &TaskStore::changed, &m_model, &TaskTableModel::onChanged);
        m_store.load(TaskSamples::records(m_server, rows));
        m_view.sortByColumn(int(TaskColumn::Progress), Qt::AscendingOrder);
        m_view.resize(1280, 800);
        m_view.show();
        m_clock.advance(flushEvery);
    }

    [[nodiscard]] TaskTableModel &model() { return m_model; }
    [[nodiscard]] ManualClock &clock() { return m_clock; }

    void selectEverySecond()
    {
        QItemSelection selection;
        for (int row = 0; row < m_model.rowCount(); row += 2)
            selection.append(QItemSelectionRange(m_model.index(row, 0),
                                                 m_model.index(row, m_model.columnCount() - 1)));
        m_view.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
        if (m_view.selectedTasks().size() != selection.size())
            qFatal("not every second row is selected");
    }

    /// A tenth of a second with so many changes; only the model's part is counted.
    [[nodiscard]] Cost flush(int changes)
    {
        QList<PollOutcome> outcomes;
        for (int i = 0; i < changes; ++i) {
            const int number = m_random.bounded(m_count);
            outcomes << TaskSamples::change(TaskSamples::key(m_server, number), number,
                                            m_random.bounded(101), m_clock.now());
        }
        m_store.apply(outcomes);
        return spent([this] { m_clock.advance(flushEvery); });
    }

    void checkOrder() const
    {
        int last = 0;
        for (int row = 0; row < m_model.rowCount(); ++row) {
            const int percent = *m_store.find(m_model.keyAt(row))->snapshot->percent;
            if (percent < last)
                qFatal("the table is not in order");
            last = percent;
        }
    }

private:
    int m_count;
    ServerId m_server = ServerId::create();
    ManualClock m_clock;
    TaskStore m_store;
    TaskTableModel m_model;
    TaskTableView m_view;
    QRandomGenerator m_random{1};
};

/// The textbook: a source model under a QSortFilterProxyModel.
class NumberModel final : public QAbstractTableModel
{
public:
    explicit NumberModel(int rows)
    {
        for (int i = 0; i < rows; ++i)
            m_numbers.push_back(i % 101);
    }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_numbers.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex & /*parent*/ = {}) const override { return 10; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(m_numbers[std::size_t(index.row())]) : QVariant();
    }
    /// As textbooks do it: each change is announced by itself, so that the proxy stays in order.
    void changeOneByOne(int changes, QRandomGenerator &random)
    {
        for (int i = 0; i < changes; ++i) {
            const int row = random.bounded(rowCount());
            m_numbers[std::size_t(row)] = random.bounded(101);
            Q_EMIT dataChanged(index(row, 0), index(row, 0), {Qt::DisplayRole});
        }
    }
    /// Kinder to the proxy than textbooks are.
    void change(int changes, QRandomGenerator &random)
    {
        int first = rowCount() - 1;
        int last = 0;
        for (int i = 0; i < changes; ++i) {
            const int row = random.bounded(rowCount());
            m_numbers[std::size_t(row)] = random.bounded(101);
            first = std::min(first, row);
            last = std::max(last, row);
        }
        Q_EMIT dataChanged(index(first, 0), index(last, 0), {Qt::DisplayRole});
    }

private:
    std::vector<int> m_numbers;
};

class ProxyTable
{
public:
    explicit ProxyTable(int rows)
        : m_source(rows)
    {
        m_proxy.setSourceModel(&m_source);
        m_proxy.sort(0);
        m_view.setModel(&m_proxy);
        m_view.resize(1280, 800);
        m_view.show();
    }
    [[nodiscard]] Cost flush(int changes)
    {
        return spent([&] { m_source.change(changes, m_random); });
    }
    [[nodiscard]] Cost oneByOne(int changes)
    {
        return spent([&] { m_source.changeOneByOne(changes, m_random); });
    }

private:
    NumberModel m_source;
    QSortFilterProxyModel m_proxy;
    QTableView m_view;
    QRandomGenerator m_random{1};
};

void benchFlush(const BenchOptions &options, Report &report)
{
    const int rows = options.quick ? 5000 : 100'000;
    OurTable ours(rows);
    OurTable selected(rows);
    selected.selectEverySecond();
    ProxyTable proxy(rows);
    ProxyTable textbook(rows);
    const int rounds = options.quick ? 2 : 20;
    for (const int perSecond : {1000, 10'000}) {
        const int changes = perSecond / 10;
        const auto costs = interleave({{u"ours"_s, [&] { return ours.flush(changes); }},
                                       {u"selected"_s, [&] { return selected.flush(changes); }},
                                       {u"proxy"_s, [&] { return proxy.flush(changes); }}},
                                      rounds);
        ours.checkOrder();
        selected.checkOrder();
        const QString name =
            u"flush of %1 rows sorted by what changes, %2 changes/s"_s.arg(rows).arg(perSecond);
        // Of one thread: CPU is wall time without what else the machine does.
        report.absolute(u"table.flush-%1"_s.arg(perSecond), name, costs[0].cpu * 1e3, u"ms"_s,
                        costs[0].cpuNoise, {costs[0]});
        report.absolute(u"table.flush-selected-%1"_s.arg(perSecond),
                        name + u", every second row selected"_s, costs[1].cpu * 1e3, u"ms"_s,
                        costs[1].cpuNoise, {costs[1]});
        report.ratio(u"table.proxy-range-%1"_s.arg(perSecond),
                     u"QSortFilterProxyModel, one range per flush, %1 changes/s"_s.arg(perSecond),
                     u"our flush"_s, costs[2].cpu * 1e3, costs[0].cpu * 1e3, u"ms"_s,
                     noiseOf(costs[2].cpuNoise, costs[0].cpuNoise), {costs[2], costs[0]});
        // Fewer rounds: one of 1,000 takes seconds.
        const auto slow = interleave({{u"textbook"_s, [&] { return textbook.oneByOne(changes); }},
                                      {u"ours"_s, [&] { return ours.flush(changes); }}},
                                     options.rounds);
        report.ratio(
            u"table.proxy-item-%1"_s.arg(perSecond),
            u"QSortFilterProxyModel, dataChanged for each item, %1 changes/s"_s.arg(perSecond),
            u"our flush"_s, slow[0].cpu * 1e3, slow[1].cpu * 1e3, u"ms"_s,
            noiseOf(slow[0].cpuNoise, slow[1].cpuNoise), {slow[0], slow[1]});
    }
}

void benchScrolling(const BenchOptions &options, Report &report)
{
    OurTable table(options.quick ? 1000 : 10'000);
    TaskTableView ours(table.model(), table.clock());
    QTableView plain;
    plain.setModel(&table.model());
    plain.setItemDelegate(new QStyledItemDelegate(&plain));
    plain.verticalHeader()->setDefaultSectionSize(ours.verticalHeader()->defaultSectionSize());
    plain.verticalHeader()->hide();
    plain.setShowGrid(false);
    for (int column = 0; column < table.model().columnCount(); ++column) {
        plain.setColumnHidden(column, ours.isColumnHidden(column));
        plain.setColumnWidth(column, ours.columnWidth(column));
    }
    const int frames = options.quick ? 5 : 60;
    const auto scroll = [frames](QTableView &view) {
        return spent([&] {
            for (int i = 0; i < frames; ++i) {
                view.verticalScrollBar()->setValue(i * 7 % view.verticalScrollBar()->maximum());
                (void)view.viewport()->grab();
            }
        });
    };
    for (QTableView *view : {static_cast<QTableView *>(&ours), &plain}) {
        view->resize(1280, 800);
        view->show();
    }
    const auto costs = interleave(
        {{u"ours"_s, [&] { return scroll(ours); }}, {u"plain"_s, [&] { return scroll(plain); }}},
        options.rounds);
    report.ratio(u"table.scrolling"_s, u"a frame while scrolling"_s, u"QStyledItemDelegate"_s,
                 costs[0].cpu / frames * 1e3, costs[1].cpu / frames * 1e3, u"ms"_s,
                 noiseOf(costs[0].cpuNoise, costs[1].cpuNoise),
                 {each(costs[0], frames), each(costs[1], frames)});
}

} // namespace

void benchTable(const BenchOptions &options, Report &report)
{
    benchFlush(options, report);
    benchScrolling(options, report);
}
