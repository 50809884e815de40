#include "account/serverdrafts.h"

#include <algorithm>
#include <utility>

void ServerDrafts::setStored(const QList<ServerRow> &servers)
{
    m_stored = servers;
    for (const ServerRow &row : servers)
        m_new.removeAll(row.profile.id); // saved
}

QList<ServerRow> ServerDrafts::rows() const
{
    QList<ServerRow> rows;
    for (ServerRow row : m_stored) {
        row.isEdited = isTyped(row.profile.id);
        if (!m_removed.contains(row.profile.id))
            rows << row;
    }
    for (const ServerId &id : m_new) {
        ServerRow row;
        row.profile = m_drafts.value(id).profile;
        row.isNew = true;
        if (!m_removed.contains(id))
            rows << row;
    }
    return rows;
}

const ServerRow *ServerDrafts::stored(const ServerId &id) const
{
    const auto found = std::find_if(m_stored.begin(), m_stored.end(),
                                    [&id](const ServerRow &row) { return row.profile.id == id; });
    return found == m_stored.end() ? nullptr : &*found;
}

ServerId ServerDrafts::add(const ServerProfile &profile)
{
    Draft draft{profile, {}};
    draft.profile.id = ServerId::create();
    m_new << draft.profile.id;
    m_drafts.insert(draft.profile.id, draft);
    return draft.profile.id;
}

void ServerDrafts::type(const ServerId &id, const Draft &draft)
{
    const ServerRow *before = stored(id);
    if (before && draft == Draft{before->profile, {}})
        m_drafts.remove(id);
    else
        m_drafts.insert(id, draft);
}

void ServerDrafts::setEnabled(const ServerId &id, bool enabled)
{
    if (const auto draft = m_drafts.find(id); draft != m_drafts.end())
        draft->profile.enabled = enabled;
}

ServerDrafts::Draft ServerDrafts::typedOr(const ServerProfile &otherwise) const
{
    return m_drafts.value(otherwise.id, {otherwise, {}});
}

bool ServerDrafts::hasUnsaved() const
{
    return std::any_of(m_drafts.keyBegin(), m_drafts.keyEnd(),
                       [this](const ServerId &id) { return !m_removed.contains(id); });
}

std::optional<ServerId> ServerDrafts::undoRemoval()
{
    return m_removed.isEmpty() ? std::nullopt : std::optional(m_removed.takeLast());
}

std::optional<QString> ServerDrafts::lastRemoved() const
{
    if (m_removed.isEmpty())
        return std::nullopt;
    const ServerId &id = m_removed.constLast();
    const ServerRow *before = stored(id);
    return serverName(before ? before->profile : m_drafts.value(id).profile);
}

QList<ServerId> ServerDrafts::takeRemoved()
{
    return std::exchange(m_removed, {});
}
