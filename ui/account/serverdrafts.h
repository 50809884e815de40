#pragma once

#include "account/serverform.h"
#include "account/serverlistmodel.h"

#include <QHash>
#include <QList>

/// The servers of the servers dialog: as they are stored, with what is typed beside it and not
/// saved, and without those whose removal only waits for the dialog to close.
class ServerDrafts
{
public:
    using Draft = ServerForm::Draft;

    /// As they are stored now. Drafts stay.
    void setStored(const QList<ServerRow> &servers);
    /// What is to be seen: stored ones in their order, then new ones.
    [[nodiscard]] QList<ServerRow> rows() const;
    /// Null: never saved. Valid until the next setStored.
    [[nodiscard]] const ServerRow *stored(const ServerId &id) const;

    /// Begins a server that is not saved yet.
    [[nodiscard]] ServerId add(const ServerProfile &profile);
    /// What is typed. As it is stored, it is no draft any more.
    void type(const ServerId &id, const Draft &draft);
    void drop(const ServerId &id) { m_drafts.remove(id); }
    void setEnabled(const ServerId &id, bool enabled);
    [[nodiscard]] bool isTyped(const ServerId &id) const { return m_drafts.contains(id); }
    [[nodiscard]] Draft typedOr(const ServerProfile &otherwise) const;
    /// Whether closing would lose something.
    [[nodiscard]] bool hasUnsaved() const;

    void remove(const ServerId &id) { m_removed << id; }
    /// Brings the last one that was removed back, if any.
    [[nodiscard]] std::optional<ServerId> undoRemoval();
    /// What the last one that was removed is called; absent: none is.
    [[nodiscard]] std::optional<QString> lastRemoved() const;
    /// All of them, to be removed in earnest.
    [[nodiscard]] QList<ServerId> takeRemoved();

private:
    QList<ServerRow> m_stored;
    QHash<ServerId, Draft> m_drafts; ///< what is typed and not saved
    QList<ServerId> m_new;           ///< drafts without a stored server, in order
    QList<ServerId> m_removed;       ///< the last removal is the last
};
