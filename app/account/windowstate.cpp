#include "account/windowstate.h"

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
            object.value("filter"_L1).toString()};
}

tl::expected<void, QString> WindowStateFile::save(const WindowState &state)
{
    return m_file.write({{u"geometry"_s, text(state.geometry)},
                         {u"tableLayout"_s, text(state.tableLayout)},
                         {u"sideSplitter"_s, text(state.sideSplitter)},
                         {u"detailSplitter"_s, text(state.detailSplitter)},
                         {u"detailTab"_s, state.detailTab},
                         {u"filter"_s, state.filter}});
}
