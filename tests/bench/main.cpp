#include "bench.h"
#include "figures.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTextStream>

#include <array>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    const QApplication app(argc, argv);

    struct Topic {
        QString name;
        void (*run)(const BenchOptions &, Report &);
    };
    const std::array topics{
        Topic{u"http"_s, &benchHttp},       Topic{u"http2"_s, &benchHttp2},
        Topic{u"parsing"_s, &benchParsing}, Topic{u"table"_s, &benchTable},
        Topic{u"stall"_s, &benchStall},     Topic{u"memory"_s, &benchMemory},
        Topic{u"history"_s, &benchHistory}, Topic{u"push"_s, &benchPush},
        Topic{u"start"_s, &benchStart},
    };

    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Measures Taskwatch side by side with named baselines, on this machine only."_s);
    parser.addHelpOption();
    parser.addOption({u"json"_s, u"print JSON instead of the table"_s});
    parser.addOption({u"quick"_s, u"a short form: does it run, does it print all figures"_s});
    parser.addOption(
        {u"rounds"_s, u"rounds of each comparison (at least 5 for figures)"_s, u"N"_s, u"5"_s});
    QCommandLineOption onePlatform(u"one-platform"_s);
    onePlatform.setFlags(QCommandLineOption::HiddenFromHelp); // how it measures beside Xvfb
    parser.addOption(onePlatform);
    parser.addOption(
        {u"stall-seconds"_s,
         u"length of each run of the topic stall; 60 is the goal's, for which the whole "
         "takes more than 5 minutes"_s,
         u"N"_s, u"30"_s});
    parser.addOption({u"output"_s, u"write the table to FILE too"_s, u"FILE"_s});
    parser.addPositionalArgument(u"topics"_s,
                                 u"http http2 parsing table stall memory history push start"_s);
    parser.process(app);

    BenchOptions options;
    options.quick = parser.isSet(u"quick"_s);
    options.rounds = options.quick ? 1 : std::clamp(parser.value(u"rounds"_s).toInt(), 1, 50);
    options.stallSeconds = std::clamp(parser.value(u"stall-seconds"_s).toInt(), 3, 600);
    options.onePlatform = parser.isSet(onePlatform);
    options.simulator = QStringLiteral(TASKWATCH_SIMULATOR);
    options.program = QStringLiteral(TASKWATCH_PROGRAM);
    options.bareWindow = QStringLiteral(TASKWATCH_BARE_WINDOW);

    QTextStream err(stderr);
    Report report;
    const QStringList wanted = parser.positionalArguments();
    for (const QString &name : wanted) {
        if (std::none_of(topics.begin(), topics.end(),
                         [&name](const Topic &topic) { return topic.name == name; })) {
            err << "no such topic: " << name << Qt::endl;
            return 64;
        }
    }
    QStringList run;
    QElapsedTimer total;
    total.start();
    for (const Topic &topic : topics) {
        if (!wanted.isEmpty() && !wanted.contains(topic.name))
            continue;
        err << topic.name << " …" << Qt::endl;
        topic.run(options, report);
        run << topic.name;
    }
    if (run.contains(u"stall"_s) && !options.onePlatform)
        run << u"xvfb"_s;
    const qint64 seconds = (total.elapsed() + 500) / 1000;
    report.note(u"The whole took %1 min %2 s."_s.arg(seconds / 60).arg(seconds % 60));
    const QString table = report.table();
    if (parser.isSet(u"output"_s)) {
        QFile file(parser.value(u"output"_s));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)
            || file.write(table.toUtf8()) < 0) {
            err << "cannot write " << file.fileName() << ": " << file.errorString() << Qt::endl;
            return 70;
        }
    }
    QTextStream(stdout) << (parser.isSet(u"json"_s) ? QString::fromUtf8(report.json()) : table);
    // By the promise, and not by what ran: a topic that got lost here would be missed by nobody.
    if (wanted.isEmpty()) {
        run.clear();
        for (const FigureKind &kind : Figures::kinds)
            run << kind.topic;
    }
    const QStringList lacking = report.lacking(run);
    if (lacking.isEmpty())
        return 0;
    err << "figures that are promised and missing: " << lacking.join(u", "_s) << Qt::endl;
    return 1;
}
