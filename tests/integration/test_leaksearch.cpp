#include "leaksearch.h"
#include "manualclock.h"
#include "simaccounts.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;

namespace {

using Form = std::function<QByteArray(const QByteArray &)>;

const QByteArray password = "p\xc3\xa4ss \"w\\rd/?&<1+2>;%=and so on\xe2\x82\xac";

QByteArray utf16Of(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    return {reinterpret_cast<const char *>(text.utf16()), text.size() * 2};
}

/// With what may stand around it, so that its bytes fall elsewhere.
QByteArray base64Of(const QByteArray &before, const QByteArray &bytes,
                    QByteArray::Base64Options options)
{
    return (before + bytes + "#").toBase64(options);
}

} // namespace

/// What the tests of leaks do not find would be found, were it there.
class TestLeakSearch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPieceIsFoundInEveryForm_data();
    void everyPieceIsFoundInEveryForm();
    void fixedForms_data();
    void fixedForms();
    void nothingElseIsFound();
    void filesAndTheirNamesAreLookedThrough();
};

void TestLeakSearch::everyPieceIsFoundInEveryForm_data()
{
    QTest::addColumn<QString>("word"); // of what is said
    QTest::addColumn<Form>("form");
    const auto row = [](const char *name, const QString &word, const Form &form) {
        QTest::newRow(name) << word << form;
    };
    row("as it is", u""_s, [](const QByteArray &piece) { return piece; });
    row("UTF-16", u" in UTF-16"_s, utf16Of);
    row("hexadecimal", u" in hexadecimal"_s, [](const auto &piece) { return piece.toHex(); });
    row("HEXADECIMAL", u" in hexadecimal"_s,
        [](const auto &piece) { return piece.toHex().toUpper(); });
    row("spaced", u" in spaced hexadecimal"_s, [](const auto &piece) { return piece.toHex(' '); });
    row("percent", u" percent-encoded"_s,
        [](const auto &piece) { return piece.toPercentEncoding(); });
    row("percent in a path", u" percent-encoded"_s,
        [](const auto &piece) { return piece.toPercentEncoding("!$&'()*+,;=:@/?"); });
    row("percent of all", u" percent-encoded"_s,
        [](const auto &piece) { return '%' + piece.toHex('%').toUpper(); });
    row("JSON", u" escaped for JSON"_s, [](const QByteArray &piece) {
        return QJsonDocument(QJsonArray{QString::fromUtf8(piece)}).toJson(QJsonDocument::Compact);
    });
    row("markup", u" escaped for markup"_s,
        [](const QByteArray &piece) { return QString::fromUtf8(piece).toHtmlEscaped().toUtf8(); });
    for (const char *before : {"", "a", "ab", "user:", "user12:", "user123:"}) {
        for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
            QTest::addRow("base64 %s %d", before, int(alphabet))
                << u" in base64"_s
                << Form([=](const QByteArray &piece) { return base64Of(before, piece, alphabet); });
        }
    }
}

void TestLeakSearch::everyPieceIsFoundInEveryForm()
{
    QFETCH(const QString, word);
    QFETCH(const Form, form);
    const ManualClock clock;
    SimAccounts accounts(clock);
    const QByteArray token = accounts.makeAccessToken(u"alice"_s);
    QVERIFY(token.size() > 100);
    for (const QByteArray &secret : {password, token}) {
        LeakSearch search;
        search.add(u"it"_s, secret);
        int pieces = 0;
        for (qsizetype begin = 0; begin + LeakSearch::piece <= secret.size(); ++begin) {
            const QByteArray piece = secret.sliced(begin, LeakSearch::piece);
            if (QString::fromUtf8(piece).toUtf8() != piece)
                continue; // half a letter: no text
            ++pieces;
            const QString found = search.in("{ " + form(piece) + " }", u"there"_s);
            // What a form leaves as it is, is found as that.
            QVERIFY2(found.contains(u"it"_s + word + u": there"_s)
                         || found.contains(u"it: there"_s),
                     qPrintable(u"%1, %2"_s.arg(begin).arg(found)));
            QVERIFY(!found.contains(QString::fromUtf8(piece)));
        }
        QVERIFY(pieces > 15);
    }
}

void TestLeakSearch::fixedForms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("JSON") << QByteArray(R"({"a":"päss \"w\\rd/?"})");
    QTest::newRow("ASCII JSON") << QByteArray(R"(p\u00e4ss \"w\\rd\/?&<)");
    QTest::newRow("markup") << QByteArray("d/?&amp;&lt;1+2");
    QTest::newRow("markup in full") << QByteArray("s &quot;w\\rd/?&amp;");
    QTest::newRow("query") << QByteArray("?p=p%C3%A4ss%20%22w%5Crd&x");
    QTest::newRow("basic") << "Basic " + ("me:" + password).toBase64();
}

void TestLeakSearch::fixedForms()
{
    QFETCH(const QByteArray, text);
    LeakSearch search;
    search.add(u"it"_s, password);
    QVERIFY(!search.in(text, u"x"_s).isEmpty());
}

void TestLeakSearch::nothingElseIsFound()
{
    LeakSearch search;
    search.add(u"it"_s, password);
    search.add(u"short"_s, "twelve-bytes");
    QCOMPARE(search.in("nothing of the kind, but a password and twelve bytes", u"x"_s), QString());
    for (qsizetype begin = 0; begin + 11 <= password.size(); ++begin)
        QCOMPARE(search.in(password.sliced(begin, 11), u"x"_s), QString());
    QCOMPARE(search.in(QByteArray(), u"x"_s), QString());
    QVERIFY(!search.in("x twelve-bytes", u"x"_s).isEmpty()); // at the very end
}

void TestLeakSearch::filesAndTheirNamesAreLookedThrough()
{
    const QByteArray secret = "marker-of-files-77";
    LeakSearch search;
    search.add(u"it"_s, secret);
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u".hidden"_s));
    const auto write = [&folder](const QString &name, const QByteArray &content) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    write(u".hidden/.file"_s, QByteArray(100'000, 'x') + secret.last(LeakSearch::piece));
    write(QString::fromLatin1(secret), "nothing");
    write(u"another"_s, "nothing");
    const QString found = search.inFolder(folder.path());
    QVERIFY(found.contains(u".hidden/.file"_s));
    QVERIFY(found.contains(u"/marker-of"_s));
    QVERIFY(!found.contains(u"another"_s));
}

QTEST_GUILESS_MAIN(TestLeakSearch)
#include "test_leaksearch.moc"
