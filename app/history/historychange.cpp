#include "history/historychange.h"

#include "history/storedreply.h"
#include "task/secretrule.h"

#include <utility>

bool HistoryChange::isLarge() const
{
    return record && !isCheck && record->reply
           && record->reply->body.size() >= StoredReply::compressFrom;
}

HistoryFunctions historyFunctionsBy(const std::shared_ptr<const SecretRuleBook> &book,
                                    decltype(HistoryFunctions::parse) parse)
{
    return {std::move(parse),
            [book](const QByteArray &json, const QString &action) {
                return maskSecretsBy(ruleForKeeping(book->rules().of(action)), json, action);
            },
            [book] { return book->rules(); }};
}
