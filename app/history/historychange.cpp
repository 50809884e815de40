#include "history/historychange.h"

#include "task/secretrule.h"

#include <utility>

HistoryFunctions historyFunctionsBy(const std::shared_ptr<const SecretRuleBook> &book,
                                    decltype(HistoryFunctions::parse) parse)
{
    return {std::move(parse),
            [book](const QByteArray &json, const QString &action) {
                return maskSecretsBy(ruleForKeeping(book->rules().of(action)), json, action);
            },
            [book] { return book->rules(); }};
}
