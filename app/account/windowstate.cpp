#include "account/windowstate.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {
QByteArray blob(const QJsonObject &object, QLatin1String key)
{
    const auto decoded = QByteArray::fromBase64Encoding(object.value(key).toString().toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? *decoded : QByteArray();
}

QString text(const QByteArray &blob)
{
    return QString::fromLatin1(blob.toBase64());
}

QList<SavedFilter> savedFilters(const QJsonArray &array)
{
    QList<SavedFilter> filters;
    for (const QJsonValue each : array) {
        const SavedFilter filter{each[u"name"].toString(), each[u"filter"].toString()};
        if (!filter.name.isEmpty())
            filters.append(filter);
    }
    return filters;
}

QJsonArray toJson(const QList<SavedFilter> &filters)
{
    QJsonArray array;
    for (const SavedFilter &each : filters)
        array.append(QJsonObject{{u"name"_s, each.name}, {u"filter"_s, each.text}});
    return array;
}
} // namespace

WindowStateFile::WindowStateFile(const QString &stateFolder, const Clock &clock)
    : m_file(stateFolder + u"/window.json"_s, 1, clock)
{
}

WindowState WindowStateFile::load()
{
    const auto content = m_file.read();
    if (!content)
        return {};
    const QJsonObject &object = content->object;
    return {blob(object, "geometry"_L1),
            blob(object, "tableLayout"_L1),
            blob(object, "sideSplitter"_L1),
            blob(object, "detailSplitter"_L1),
            std::max(0, object.value("detailTab"_L1).toInt()),
            object.value("filter"_L1).toString(),
            savedFilters(object.value("savedFilters"_L1).toArray())};
}

tl::expected<void, QString> WindowStateFile::save(const WindowState &state)
{
    return m_file.write({{u"geometry"_s, text(state.geometry)},
                         {u"tableLayout"_s, text(state.tableLayout)},
                         {u"sideSplitter"_s, text(state.sideSplitter)},
                         {u"detailSplitter"_s, text(state.detailSplitter)},
                         {u"detailTab"_s, state.detailTab},
                         {u"filter"_s, state.filter},
                         {u"savedFilters"_s, toJson(state.savedFilters)}});
}
