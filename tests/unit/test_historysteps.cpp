#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "historyrun.h"
#include "pollmaker.h"
#include "task/advance.h"

#include <QTemporaryDir>

using namespace HistoryRun;

namespace {

TaskStep step(const QString &name, const QDateTime &finishedAt)
{
    TaskStep one;
    one.name = name;
    one.state = StepState::Completed;
    one.finishedAt = finishedAt;
    return one;
}

const std::vector<TaskStep> steps{step(u"Create topics"_s, at(60'000)),
                                  step(u"Publish schemas"_s, at(120'000))};
QByteArray timeOf(const TaskStep &step)
{
    return step.finishedAt->toString(Qt::ISODateWithMs).toUtf8();
}

const QByteArray running =
    QByteArray(R"({"taskId":"t","action":"Publish policy","done":false,"result":null,"steps":[)"
               R"({"message":"Create topics","time":"#0"},)"
               R"({"message":"Publish schemas","time":"#1"}]})")
        .replace("#0", timeOf(steps.front()))
        .replace("#1", timeOf(steps.back()));
/// The beginning of a huge one: as documented, its steps come behind the result.
const QByteArray head = QByteArray("{'taskId':'t','action':'Publish policy','done':true,"
                                   "'result':{'password':'marker-p','text':'")
                            .replace('\'', '"')
                        + QByteArray(5'000, 'x');

} // namespace

/// Steps that were seen, and that the last answer does not name: the real parser's, in a real file.
class TestHistorySteps final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aRestartShowsThem();
    void anotherRuleKeepsThem();
    void anotherVersionKeepsThem();
    void theirSecretsStayBehind();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    /// One more answer.
    void answer(const QByteArray &body, bool isHead = false);
    void keep() const;
    [[nodiscard]] TaskRecord kept() const;

    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<SecretRuleBook> m_book;
    ManualClock m_clock;
    TaskRecord m_record;
};

void TestHistorySteps::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_book = std::make_shared<SecretRuleBook>();
    m_record = {};
    m_record.key = key(u"t"_s);
}

void TestHistorySteps::answer(const QByteArray &body, bool isHead)
{
    ReplyData reply = *PollMaker::reply(body);
    reply.isHead = isHead;
    const auto snapshot = parseTaskReplyBy(m_book->rules(), reply);
    QVERIFY(snapshot);
    m_clock.advance(1s);
    m_record =
        advance(m_record,
                PollMaker::poll(m_record.key, m_clock.now(),
                                ReadableAnswer(std::make_shared<const TaskSnapshot>(*snapshot)),
                                std::make_shared<const ReplyData>(reply)),
                m_clock.now());
}

void TestHistorySteps::keep() const
{
    HistoryDatabase history(file(), historyFunctionsBy(m_book, parserBy(m_book)));
    QVERIFY(history.open(at(0)));
    QVERIFY(history.write({{m_record.key, false, m_record}}));
}

TaskRecord TestHistorySteps::kept() const
{
    HistoryDatabase history(file(), historyFunctionsBy(m_book, parserBy(m_book)));
    if (!history.open(at(0)))
        return {};
    const auto all = history.load(0, 10);
    return all && all->records.size() == 1 && history.damaged().isEmpty()
               ? all->records.constFirst()
               : TaskRecord();
}

void TestHistorySteps::aRestartShowsThem()
{
    answer(running);
    QCOMPARE(m_record.snapshot->steps, steps);
    keep();
    answer(head, true);
    QCOMPARE(m_record.outcome, Outcome::Completed);
    QVERIFY(m_record.snapshot->resultIsHead);
    QCOMPARE(m_record.snapshot->steps, steps);
    keep();
    const TaskRecord again = kept();
    QVERIFY(again.snapshot && again.snapshot->resultIsHead);
    QCOMPARE(again.snapshot->steps, steps);
    QVERIFY(again.reply->isHead);
}

void TestHistorySteps::anotherRuleKeepsThem()
{
    answer(running);
    answer(head, true);
    keep();
    SecretRules rules;
    rules.set(u"Publish policy"_s, SecretRule::ShowAll);
    m_book->set(rules);
    const TaskRecord again = kept();
    QVERIFY(again.snapshot);
    QCOMPARE(again.snapshot->secretRule, SecretRule::ShowAll); // it was read again
    QCOMPARE(again.snapshot->steps, steps);
}

/// Which reads the replies again, twice: what it has completed, the next one reads.
void TestHistorySteps::anotherVersionKeepsThem()
{
    answer(running);
    answer(head, true);
    keep();
    for (const QString &lost :
         {u"facts = ''"_s, u"facts = ''"_s, u"facts = '', reply_sum = NULL"_s}) {
        QVERIFY(Connection(file()).ask(u"UPDATE reply SET "_s + lost).toBool());
        const TaskRecord again = kept();
        QVERIFY(again.snapshot && again.snapshot->resultIsHead);
        QCOMPARE(again.snapshot->steps, steps);
        HistoryDatabase history(file(), historyFunctionsBy(m_book, parserBy(m_book)));
        QVERIFY(history.open(at(0)));
        QVERIFY(history.load(0, 10));
        auto done = history.upkeep();
        while (done == HistoryDatabase::Upkeep::More)
            done = history.upkeep();
        QVERIFY(done);
        QVERIFY(Connection(file()).ask(u"SELECT facts != '' FROM reply"_s).toBool());
    }
}

void TestHistorySteps::theirSecretsStayBehind()
{
    answer(R"({"taskId":"t","action":"Publish policy","info":{"started":true,"steps":[)"
           R"({"name":"One","started":true,"completed":true,"failed":true,)"
           R"("error":{"code":500,"message":"it broke","password":"marker-e"}}]}})");
    QVERIFY(m_record.snapshot->steps.at(0).error->details.contains("marker-e"));
    const QByteArray end = R"({"taskId":"t","action":"Publish policy","error":"it broke"})";
    answer(end);
    QCOMPARE(m_record.outcome, Outcome::Failed);
    QCOMPARE(m_record.snapshot->steps.size(), 1U);
    keep();
    for (const auto suffix : {""_L1, "-wal"_L1})
        QVERIFY(!bytesOf(file() + suffix).contains("marker"));
    const TaskRecord again = kept();
    QVERIFY(again.snapshot && again.reply->body == end);
    QCOMPARE(again.snapshot->steps.at(0).name, u"One"_s);
    QCOMPARE(again.snapshot->steps.at(0).error->message, u"it broke"_s);
    QVERIFY(!again.snapshot->steps.at(0).error->details.contains("marker"));
    QVERIFY(Connection(file()).ask(u"UPDATE reply SET facts = ''"_s).toBool());
    const TaskRecord reread = kept(); // by another version
    QVERIFY(reread.snapshot);
    QCOMPARE(reread.snapshot->steps, again.snapshot->steps);
}

QTEST_GUILESS_MAIN(TestHistorySteps)
#include "test_historysteps.moc"
