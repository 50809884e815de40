#include "task/taskfilter.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;

/// The language of the filter box.
class TestTaskFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFilterPicksRows_data();
    void aFilterPicksRows();
    void whatTheHistoryFoundMatchesFreeWords();
    void aWrongTermIsNamed_data();
    void aWrongTermIsNamed();
    void theOtherTermsStayReadable();
    void everyStatusIsFoundByItsKebabName();
    void aWrittenFilterReadsBackTheSame();
    void anyTextIsReadOrRefusedInsideItsBounds();
    void foldingDropsCaseAndAccents();
};

namespace {

FilterFacts facts()
{
    return {.outcome = Outcome::CompletedWithProblems,
            .expired = true,
            .paused = false,
            .action = foldForFilter(u"Publish policy"_s),
            .label = foldForFilter(u"Café Köln"_s),
            .id = foldForFilter(u"5D2C7F4E"_s),
            .user = foldForFilter(u"did:hedera:testnet:abc"_s),
            .step = foldForFilter(u"Create topics"_s),
            .server = foldForFilter(u"Production"_s),
            .error = foldForFilter(u"500: say \"hello\""_s),
            .tags = foldForFilter(u"Carbon\nUrgent"_s),
            .note = foldForFilter(u"Ask Bob"_s),
            .rest = foldForFilter(u"Completed with problems\nPolicy is invalid: 3 blocks"_s)};
}

} // namespace

void TestTaskFilter::aFilterPicksRows_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    QTest::newRow("nothing") << QString() << true;
    QTest::newRow("blanks") << u" \t "_s << true;
    QTest::newRow("a tag") << u"tag:urgent -tag:late"_s << true;
    QTest::newRow("a note") << u"note:\"ask bob\""_s << true;
    QTest::newRow("a word") << u"publish"_s << true;
    QTest::newRow("other case") << u"PUBLISH"_s << true;
    QTest::newRow("without accents") << u"cafe koln"_s << true;
    QTest::newRow("with accents") << u"CAFÉ"_s << true;
    QTest::newRow("words in two columns") << u"policy production"_s << true;
    QTest::newRow("one word too many") << u"policy mainnet"_s << false;
    QTest::newRow("a phrase") << u"\"publish policy\""_s << true;
    QTest::newRow("a phrase across columns") << u"\"policy café\""_s << false;
    QTest::newRow("in the rest") << u"\"3 blocks\""_s << true;
    QTest::newRow("not a word") << u"-mainnet"_s << true;
    QTest::newRow("not a word that is there") << u"-production"_s << false;
    QTest::newRow("a lone hyphen is text") << u"-"_s << false;
    QTest::newRow("not a phrase") << u"-\"publish policy\""_s << false;
    QTest::newRow("action") << u"action:publish"_s << true;
    QTest::newRow("action, quoted") << u"action:\"publish policy\""_s << true;
    QTest::newRow("action of another") << u"action:production"_s << false;
    QTest::newRow("key in capitals") << u"ACTION:publish"_s << true;
    QTest::newRow("label") << u"label:köln"_s << true;
    QTest::newRow("id") << u"id:5d2c"_s << true;
    QTest::newRow("user") << u"user:did:hedera"_s << true;
    QTest::newRow("step") << u"step:topics"_s << true;
    QTest::newRow("server") << u"server:prod"_s << true;
    QTest::newRow("error with quotes") << u"error:\"say \\\"hello\\\"\""_s << true;
    QTest::newRow("not on the server") << u"-server:prod"_s << false;
    QTest::newRow("a DID is text") << u"did:hedera:testnet"_s << true;
    QTest::newRow("an address is text") << u"https://host/task"_s << false;
    QTest::newRow("a time is text") << u"12:05"_s << false;
    QTest::newRow("status") << u"status:completed-with-problems"_s << true;
    QTest::newRow("status by word") << u"status:\"Completed with problems\""_s << true;
    QTest::newRow("status, another") << u"status:completed"_s << false;
    QTest::newRow("status, its beginning") << u"status:comp"_s << true;
    QTest::newRow("one of several") << u"status:failed,completed-with-problems"_s << true;
    QTest::newRow("none of several") << u"status:failed,stalled"_s << false;
    QTest::newRow("not that status") << u"-status:failed"_s << true;
    QTest::newRow("status expired") << u"status:expired"_s << true;
    QTest::newRow("is expired") << u"is:expired"_s << true;
    QTest::newRow("is running") << u"is:running"_s << false;
    QTest::newRow("is a status") << u"is:completed-with-problems"_s << true;
    QTest::newRow("is another status") << u"is:failed"_s << false;
    QTest::newRow("is not a status") << u"-is:failed"_s << true;
    QTest::newRow("is attention") << u"is:attention"_s << true;
    QTest::newRow("is finished") << u"is:finished"_s << true;
    QTest::newRow("is paused") << u"is:paused"_s << false;
    QTest::newRow("is not paused") << u"-is:Paused"_s << true;
    QTest::newRow("an empty phrase asks nothing") << u"\"\" publish"_s << true;
}

void TestTaskFilter::aFilterPicksRows()
{
    QFETCH(QString, text);
    QFETCH(bool, expected);
    const auto filter = parseFilter(text);
    QVERIFY2(filter, qPrintable(filter ? QString() : filter.error().message));
    QCOMPARE(matches(*filter, facts()), expected);
}

void TestTaskFilter::whatTheHistoryFoundMatchesFreeWords()
{
    const auto filter = parseFilter(u"zebra \"two words\" -giraffe label:x"_s).value();
    QCOMPARE(freeWords(filter), (QStringList{u"zebra"_s, u"\"two words\""_s}));
    const auto zebra = parseFilter(u"zebra"_s).value();
    QVERIFY(!matches(zebra, facts()));
    QVERIFY(matches(zebra, facts(), allWordsFound));
    // Of the other terms the row alone decides.
    QVERIFY(!matches(parseFilter(u"zebra label:nowhere"_s).value(), facts(), allWordsFound));
    QVERIFY(!matches(parseFilter(u"zebra -status:completed-with-problems"_s).value(), facts(),
                     allWordsFound));
    QVERIFY(matches(parseFilter(u"zebra -giraffe"_s).value(), facts(), allWordsFound));
    QCOMPARE(freeWords(parseFilter(u"status:failed -x"_s).value()), QStringList());
    // A word that the history knows, beside one that the row shows.
    const auto both = parseFilter(u"-giraffe zebra publish \"two words\""_s).value();
    QVERIFY(!matches(both, facts(), 0b001));
    QVERIFY(!matches(both, facts(), 0b110));
    QVERIFY(matches(both, facts(), 0b101));
    QVERIFY(matches(both, facts(), 0b111));
}

void TestTaskFilter::aWrongTermIsNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("says");
    QTest::newRow("key") << u"policy stat:failed x"_s << 7 << 11 << u"“status:”"_s;
    QTest::newRow("key, mistyped") << u"acton:x"_s << 0 << 7 << u"“action:”"_s;
    QTest::newRow("key, negated") << u"-srver:x"_s << 0 << 8 << u"“server:”"_s;
    QTest::newRow("status") << u"status:fial"_s << 0 << 11 << u"completed-with-problems"_s;
    QTest::newRow("one of several statuses") << u"status:failed,"_s << 0 << 14 << u"stalled"_s;
    QTest::newRow("flag") << u"is:tired"_s << 0 << 8 << u"paused"_s;
    QTest::newRow("no value") << u"a action: b"_s << 2 << 7 << u"action:"_s;
    QTest::newRow("no status") << u"status:"_s << 0 << 7 << u"status:failed"_s;
    QTest::newRow("no flag") << u"is:"_s << 0 << 3 << u"is:running"_s;
    QTest::newRow("open quote") << u"x action:\"publish"_s << 9 << 8 << u"quote"_s;
}

void TestTaskFilter::aWrongTermIsNamed()
{
    QFETCH(QString, text);
    QFETCH(int, position);
    QFETCH(int, length);
    QFETCH(QString, says);
    const auto filter = parseFilter(text);
    QVERIFY(!filter);
    QCOMPARE(filter.error().position, position);
    QCOMPARE(filter.error().length, length);
    QVERIFY2(filter.error().message.contains(says), qPrintable(filter.error().message));
}

void TestTaskFilter::theOtherTermsStayReadable()
{
    const auto rest = [](const QString &text) { return parseFilter(text).error().rest; };
    QCOMPARE(rest(u"policy stat:failed label:x is:tired"_s),
             parseFilter(u"policy label:x"_s).value());
    QCOMPARE(rest(u"policy action:\"publish"_s), parseFilter(u"policy"_s).value());
    QVERIFY(rest(u"status:fial"_s).isEmpty());
    QVERIFY(parseFilter(u"stat:failed is:tired"_s).error().message.contains(u"“status:”"_s));
}

void TestTaskFilter::everyStatusIsFoundByItsKebabName()
{
    const QStringList names{u"checking"_s,  u"waiting"_s,   u"running"_s,
                            u"stalled"_s,   u"completed"_s, u"completed-with-problems"_s,
                            u"failed"_s,    u"not-found"_s, u"outcome-unknown"_s,
                            u"unreadable"_s};
    for (int i = 0; i < names.size(); ++i) {
        const auto filter = parseFilter(u"status:"_s + names[i]);
        QVERIFY2(filter, qPrintable(names[i]));
        for (int other = 0; other < names.size(); ++other) {
            FilterFacts row;
            row.outcome = Outcome(other);
            QCOMPARE(matches(*filter, row), i == other);
        }
    }
}

void TestTaskFilter::aWrittenFilterReadsBackTheSame()
{
    QRandomGenerator random(7);
    const QStringList keys{QString(),  u"action:"_s, u"label:"_s, u"id:"_s,
                           u"user:"_s, u"step:"_s,   u"error:"_s, u"server:"_s};
    const QString letters = u"ab \"\\:-éÄ,߀𝄞"_s;
    for (int round = 0; round < 2'000; ++round) {
        TaskFilter filter;
        for (int i = random.bounded(4); i >= 0; --i) {
            QString value;
            for (int n = random.bounded(1, 8); n > 0; --n)
                value += letters[random.bounded(int(letters.size()))];
            FilterTerm term;
            term.field = FilterField(random.bounded(keys.size()));
            if (term.field == FilterField::Status)
                term.field = FilterField::Any;
            term.negated = random.bounded(2) == 1;
            term.text = value;
            term.folded = foldForFilter(value);
            filter.terms.push_back(term);
        }
        const auto again = parseFilter(filterText(filter));
        QVERIFY2(again, qPrintable(filterText(filter)));
        QCOMPARE(*again, filter);
    }
    for (const QString &text : {u"status:failed,comp"_s, u"-is:paused is:running"_s}) {
        const auto filter = parseFilter(text);
        QVERIFY(filter);
        QCOMPARE(parseFilter(filterText(*filter)).value(), *filter);
    }
}

void TestTaskFilter::anyTextIsReadOrRefusedInsideItsBounds()
{
    QRandomGenerator random(11);
    const QStringList pieces{u"status:"_s, u"is:"_s, u"-"_s,      u"\""_s,     u"\\"_s, u" "_s,
                             u"failed"_s,  u","_s,   u"did:"_s,   u"://"_s,    u"x"_s,  u"\n"_s,
                             u"é"_s,       u":"_s,   u"label:"_s, u"\"a b\""_s};
    for (int round = 0; round < 5'000; ++round) {
        QString text;
        for (int i = random.bounded(10); i > 0; --i)
            text += pieces[random.bounded(pieces.size())];
        const auto filter = parseFilter(text);
        if (filter) {
            QCOMPARE(parseFilter(filterText(*filter)).value(), *filter);
            continue;
        }
        const FilterError &error = filter.error();
        QVERIFY(error.position >= 0 && error.length > 0);
        QVERIFY(error.position + error.length <= text.size());
        QVERIFY(!error.message.isEmpty());
    }
}

void TestTaskFilter::foldingDropsCaseAndAccents()
{
    QCOMPARE(foldForFilter(u"ABC-1"_s), u"abc-1"_s);
    QCOMPARE(foldForFilter(u"Éclair ÀÖ"_s), u"eclair ao"_s);
    QCOMPARE(foldForFilter(QString()), QString());
}

QTEST_GUILESS_MAIN(TestTaskFilter)
#include "test_taskfilter.moc"
