#include "detail/jsontreemodel.h"
#include "detailsamples.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<const JsonIndex> indexOf(const QByteArray &json)
{
    return std::make_shared<const JsonIndex>(json, json);
}

} // namespace

class TestJsonTreeModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<JsonTreeModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        // It would open everything, and in the middle of a signal at that.
        m_tester->setUseFetchMore(false);
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void showsMembersAndElements()
    {
        m_model->setIndex(indexOf(R"({"b":[1,"<b>two</b>"],"a":{"x":null}})"));
        m_model->fetchMore({});
        QCOMPARE(m_model->rowCount(), 2);
        const QModelIndex list = m_model->index(0, 0);
        QCOMPARE(list.data().toString(), u"b"_s);
        QCOMPARE(list.siblingAtColumn(1).data().toString(), u"[2]"_s);
        QVERIFY(m_model->canFetchMore(list));
        m_model->fetchMore(list);
        const QModelIndex text = m_model->index(1, 1, list);
        QCOMPARE(text.data().toString(), u"<b>two</b>"_s);
        QCOMPARE(m_model->path(text), u"$.b[1]"_s);
        QCOMPARE(m_model->copyText(text), u"<b>two</b>"_s);
        QCOMPARE(m_model->copyText(list), uR"([1,"<b>two</b>"])"_s);
        // A tooltip that looks like markup would be rendered as such.
        QVERIFY(text.data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;two"_s));
    }

    void showsAScalarAsOneRow_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("text");
        QTest::newRow("string") << R"("65f0\n1")"_ba << u"65f0↵1"_s;
        QTest::newRow("number") << "9007199254740993"_ba << u"9007199254740993"_s;
        QTest::newRow("false") << "false"_ba << u"false"_s;
        QTest::newRow("empty object") << "{}"_ba << u"{0}"_s;
    }

    void showsAScalarAsOneRow()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, text);
        m_model->setIndex(indexOf(json));
        m_model->fetchMore({});
        QCOMPARE(m_model->rowCount(), 1);
        QCOMPARE(m_model->index(0, 0).data().toString(), u"$"_s);
        QCOMPARE(m_model->index(0, 1).data().toString(), text);
        QVERIFY(!m_model->hasChildren(m_model->index(0, 0)));
        QCOMPARE(m_model->indexOf(0), m_model->index(0, 0));
    }

    void makesOnlyWhatIsOpened()
    {
        const auto json = indexOf(DetailSamples::bigArray(3'000'000));
        const auto rows = static_cast<int>(json->childCount(0));
        QVERIFY(rows > 10'000);
        m_model->setIndex(json);
        QCOMPARE(m_model->itemCount(), 1);
        m_model->fetchMore({});
        const int ranges = (rows + 999) / 1'000;
        QCOMPARE(m_model->rowCount(), ranges);
        QCOMPARE(m_model->itemCount(), 1 + ranges);
        const QModelIndex second = m_model->index(1, 0);
        QCOMPARE(second.data().toString(), u"[1000 … 1999]"_s);
        m_model->fetchMore(second);
        QCOMPARE(m_model->rowCount(second), 1'000);
        QCOMPARE(m_model->itemCount(), 1 + ranges + 1'000);
        QCOMPARE(m_model->path(m_model->index(7, 0, second)), u"$[1007]"_s);
        QVERIFY(m_model->copyText(second).isEmpty());
    }

    void findsItsWayToAnyValue()
    {
        const auto json = indexOf(R"({"big":)" + DetailSamples::bigArray(600'000) + "}");
        m_model->setIndex(json);
        const quint32 big = json->child(0, 0);
        const quint32 last = json->child(big, json->childCount(big) - 1);
        const QModelIndex index = m_model->indexOf(json->child(last, 0));
        QCOMPARE(index.data().toString(), u"id"_s);
        QCOMPARE(m_model->path(index), json->path(json->child(last, 0)));
        QCOMPARE(m_model->valueAt(index), json->child(last, 0));
        QVERIFY(m_model->itemCount() < 2'500);
        QVERIFY(!m_model->indexOf(0).isValid());
    }

    void forgetsTheOldDocument()
    {
        m_model->setIndex(indexOf("[1,2,3]"));
        m_model->fetchMore({});
        m_model->setIndex(indexOf("broken"));
        QVERIFY(!m_model->hasChildren());
        QCOMPARE(m_model->itemCount(), 1);
        m_model->setIndex(nullptr);
        QCOMPARE(m_model->rowCount(), 0);
    }

private:
    std::unique_ptr<JsonTreeModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(TestJsonTreeModel)
#include "test_jsontreemodel.moc"
