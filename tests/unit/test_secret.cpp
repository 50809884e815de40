#include "base/secret.h"

#include <QDebug>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>
#include <QVariant>

#include <algorithm>
#include <concepts>
#include <type_traits>

#include <sys/mman.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

static_assert(!std::is_convertible_v<Secret, QVariant>);
static_assert(!std::is_convertible_v<Secret, QByteArray>);
template<typename T>
concept Printable = requires(QDebug debug, const T &value)
{
    debug << value;
};
static_assert(Printable<QByteArray> && !Printable<Secret>);

class TestSecret : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesShareNoMemory();
    void movingLeavesNothingBehind();
    void assignmentReplaces();
    void nothingIsLeftInMemory();
};

namespace {

/// How often these bytes are in our writable memory, freed or not. They come inverted, so that what
/// is looked for is not found in what one looks with.
int timesInMemory(const QByteArray &inverted)
{
    QFile maps(u"/proc/self/maps"_s);
    QFile memory(u"/proc/self/mem"_s);
    if (!maps.open(QIODevice::ReadOnly) || !memory.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> lines = maps.readAll().split('\n');
    // Not in the list, as it comes later; ends before the next look.
    constexpr size_t piece = 1'048'576;
    void *const mapped =
        ::mmap(nullptr, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto *const bytes = static_cast<char *>(mapped);
    const auto isOpposite = [](char one, char other) { return one == char(~other); };
    int times = 0;
    for (const QByteArray &line : lines) {
        const QList<QByteArray> ends = line.left(line.indexOf(' ')).split('-');
        qint64 at = ends.value(0).toLongLong(nullptr, 16);
        const qint64 end = ends.value(1).toLongLong(nullptr, 16);
        constexpr qint64 largest = 256'000'000; // a sanitizer's shadow is far larger
        if (!line.contains(" rw-p ") || line.contains("[stack]") || end - at > largest)
            continue;
        while (end - at >= inverted.size()) {
            const auto size = std::min(piece, size_t(end - at));
            const ssize_t got = ::pread(memory.handle(), bytes, size, at);
            for (const char *one = bytes; one < bytes + got; ++one) {
                one = std::search(one, static_cast<const char *>(bytes + got), inverted.cbegin(),
                                  inverted.cend(), isOpposite);
                times += one < bytes + got ? 1 : 0;
            }
            at += qint64(size) - inverted.size() + 1;
        }
    }
    ::munmap(mapped, piece);
    return times;
}

} // namespace

void TestSecret::copiesShareNoMemory()
{
    Secret one(QByteArray("marker"));
    const Secret two(one);
    QVERIFY(one == two);
    QVERIFY(one.reveal().constData() != two.reveal().constData());
    one = Secret{};
    QCOMPARE(two.reveal(), QByteArray("marker"));
}

void TestSecret::movingLeavesNothingBehind()
{
    Secret one(QByteArray("marker"));
    const Secret two(std::move(one));
    QVERIFY(one.isEmpty()); // NOLINT(bugprone-use-after-move): that is what is promised
    QCOMPARE(two.reveal(), QByteArray("marker"));
}

void TestSecret::assignmentReplaces()
{
    Secret one(QByteArray("old"));
    const Secret two(QByteArray("new"));
    one = two;
    QCOMPARE(one.reveal(), QByteArray("new"));
    one = Secret{};
    QVERIFY(one.isEmpty());
}

void TestSecret::nothingIsLeftInMemory()
{
    QByteArray inverted(96, '\0');
    QRandomGenerator::global()->generate(inverted.begin(), inverted.end());
    const QByteArray end = inverted.right(48); // whoever frees memory may write into its beginning
    const auto make = [&inverted] {
        QByteArray bytes(inverted.size(), Qt::Uninitialized);
        std::transform(inverted.cbegin(), inverted.cend(), bytes.begin(),
                       [](char byte) { return char(~byte); });
        return bytes;
    };
    {
        Secret one(make());
        const Secret two(one);
        QCOMPARE(timesInMemory(end), 2);
        one = Secret(QByteArray("other"));
        QCOMPARE(timesInMemory(end), 1);
    }
    QCOMPARE(timesInMemory(end), 0);
    make(); // the search would find what is freed as it is
    QVERIFY(timesInMemory(end) > 0);
}

QTEST_GUILESS_MAIN(TestSecret)
#include "test_secret.moc"
