#include "papers.h"

#include <QHash>

#include <cstdio>

/// taskwatch-papers bash|zsh|fish|man: prints that paper, for the build.
int main(int argc, char **argv)
{
    using Maker = QString (*)();
    const QHash<QByteArray, Maker> makers{{"bash", Papers::bashCompletion},
                                          {"zsh", Papers::zshCompletion},
                                          {"fish", Papers::fishCompletion},
                                          {"man", Papers::manPage}};
    const Maker make = makers.value(argc == 2 ? QByteArray(argv[1]) : QByteArray());
    if (!make) {
        std::fputs("usage: taskwatch-papers bash|zsh|fish|man\n", stderr);
        return 64;
    }
    const QByteArray text = make().toUtf8();
    return std::fwrite(text.constData(), 1, size_t(text.size()), stdout) == size_t(text.size()) ? 0
                                                                                                : 1;
}
