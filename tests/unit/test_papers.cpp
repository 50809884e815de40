#include "cli/commandtable.h"
#include "papers.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/// Completions and man page name what the parser knows, no more, and their readers take them.
class TestPapers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachNamesTheWholeTable_data();
    void eachNamesTheWholeTable();
    void shellsCanReadThem_data();
    void shellsCanReadThem();
    void bashCompletes_data();
    void bashCompletes();
    void fishCompletes();
    void roffHasNothingToSay();

private:
    /// What a program prints to both channels; "status N" first if it is not 0.
    [[nodiscard]] static QByteArray printed(const QString &program, const QStringList &arguments);
    /// Empty, or what is missing.
    [[nodiscard]] static QString missing(const QString &program, const QString &package)
    {
        return QStandardPaths::findExecutable(program).isEmpty()
                   ? u"%1 is missing: install the package %2"_s.arg(program, package)
                   : QString();
    }
    [[nodiscard]] QString written(const QString &name, const QString &text) const;

    QTemporaryDir m_folder;
};

QByteArray TestPapers::printed(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return "no end";
    return (process.exitCode() == 0 ? QByteArray()
                                    : "status " + QByteArray::number(process.exitCode()) + ": ")
           + process.readAll();
}

QString TestPapers::written(const QString &name, const QString &text) const
{
    QFile file(m_folder.filePath(name));
    const QByteArray bytes = text.toUtf8();
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName()
                                                                                : QString();
}

void TestPapers::eachNamesTheWholeTable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("dashes");
    QTest::newRow("bash") << Papers::bashCompletion() << u"--"_s;
    QTest::newRow("zsh") << Papers::zshCompletion() << u"--"_s;
    QTest::newRow("fish") << Papers::fishCompletion() << u"-l "_s;
    QTest::newRow("man") << Papers::manPage() << uR"(\-\-)"_s;
}

void TestPapers::eachNamesTheWholeTable()
{
    QFETCH(const QString, text);
    QFETCH(const QString, dashes);
    const bool isRoff = dashes.startsWith(u'\\');
    for (const OptionRow &row : optionTable()) {
        QString name = row.names.last();
        if (isRoff)
            name.replace(u'-', u"\\-"_s);
        const QRegularExpression form(QRegularExpression::escape(dashes + name)
                                      + u"(?![\\w\\\\-])"_s);
        QVERIFY2(form.match(text).hasMatch() != row.hidden, qPrintable(name));
    }
    for (const CommandRow &row : commandTable())
        QVERIFY2(text.contains(row.name), qPrintable(row.name));
}

void TestPapers::shellsCanReadThem_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<QString>("text");
    QTest::newRow("bash") << u"bash"_s << Papers::bashCompletion();
    QTest::newRow("zsh") << u"zsh"_s << Papers::zshCompletion();
    QTest::newRow("fish") << u"fish"_s << Papers::fishCompletion();
}

void TestPapers::shellsCanReadThem()
{
    QFETCH(const QString, shell);
    QFETCH(const QString, text);
    const QString lack = missing(shell, shell);
    QVERIFY2(lack.isEmpty(), qPrintable(lack));
    const QString file = written(shell, text);
    QVERIFY(!file.isEmpty());
    QCOMPARE(printed(shell, {u"-n"_s, file}), QByteArray());
}

void TestPapers::bashCompletes_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QStringList>("offers");
    QTest::newRow("a command") << u"taskwatch sho"_s << QStringList{u"show"_s};
    QTest::newRow("an option of a command")
        << u"taskwatch wait ID --ti"_s << QStringList{u"--timeout"_s};
    QTest::newRow("none of another") << u"taskwatch show ID --ti"_s << QStringList();
    QTest::newRow("a choice") << u"taskwatch --log-level d"_s << QStringList{u"debug"_s};
    QTest::newRow("a folder") << u"taskwatch --data-dir /us"_s << QStringList{u"/usr"_s};
    QTest::newRow("nobody knows") << u"taskwatch --server x"_s << QStringList();
}

void TestPapers::bashCompletes()
{
    QFETCH(const QString, words);
    QFETCH(const QStringList, offers);
    const QString lack = missing(u"bash"_s, u"bash"_s);
    QVERIFY2(lack.isEmpty(), qPrintable(lack));
    const QString script =
        u"compopt() { :; }; . %1; COMP_WORDS=(%2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
        u" _taskwatch; printf '%s\\n' \"${COMPREPLY[@]}\""_s;
    const QString file = written(u"bash"_s, Papers::bashCompletion());
    const QByteArray said = printed(u"bash"_s, {u"-c"_s, QString(script).arg(file, words)});
    QCOMPARE(QString::fromUtf8(said).split(u'\n', Qt::SkipEmptyParts), offers);
}

void TestPapers::fishCompletes()
{
    const QString lack = missing(u"fish"_s, u"fish"_s);
    QVERIFY2(lack.isEmpty(), qPrintable(lack));
    const QString file = written(u"fish"_s, Papers::fishCompletion());
    const auto offers = [&file](const QString &line) {
        return printed(u"fish"_s, {u"--no-config"_s, u"-c"_s,
                                   u"source %1; complete --do-complete '%2'"_s.arg(file, line)});
    };
    QVERIFY(offers(u"taskwatch sho"_s).startsWith("show\t"));
    QVERIFY(offers(u"taskwatch wait ID --ti"_s).startsWith("--timeout\t"));
    QVERIFY(!offers(u"taskwatch show ID --ti"_s).contains("--timeout"));
}

void TestPapers::roffHasNothingToSay()
{
    const QString lack = missing(u"groff"_s, u"groff-base"_s);
    QVERIFY2(lack.isEmpty(), qPrintable(lack));
    const QString file = written(u"taskwatch.1"_s, Papers::manPage());
    QCOMPARE(printed(u"groff"_s, {u"-man"_s, u"-Kutf8"_s, u"-Tutf8"_s, u"-ww"_s, u"-z"_s, file}),
             QByteArray());
}

QTEST_GUILESS_MAIN(TestPapers)
#include "test_papers.moc"
