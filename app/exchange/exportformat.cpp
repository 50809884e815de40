#include "exchange/exportformat.h"

using namespace Qt::StringLiterals;

QString suffixOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Json:
        return u"json"_s;
    case ExportFormat::Csv:
        return u"csv"_s;
    case ExportFormat::Markdown:
        return u"md"_s;
    }
    return {};
}

std::optional<ExportFormat> formatOf(const QString &fileName)
{
    for (const auto format : {ExportFormat::Json, ExportFormat::Csv, ExportFormat::Markdown}) {
        if (fileName.endsWith(u'.' + suffixOf(format), Qt::CaseInsensitive))
            return format;
    }
    return std::nullopt;
}
